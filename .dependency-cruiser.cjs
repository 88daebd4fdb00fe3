// The import rules of this project, checked by `npm run check:architecture` and by
// test/architecture/architecture.test.ts, which also proves that each rule below can fail.
//
//   cli, app ─▶ compose ─▶ cycles ─▶ pure domains ─▶ kernel
//                  └─▶ adapters ─▶ ports and values of the domain they serve
//
// Adding a folder: add it to FOLDERS with what it may import. Nothing else needs to know.

/** Values and decisions without effects: they get time, randomness and files' contents as arguments. */
const PURE_FOLDERS = [
  'kernel',
  'learning',
  'governance',
  'liveconfig',
  'history',
  'review',
  'setup',
  'watch',
  'reports',
];

/** Which other folders (or files right under src) a folder may import. */
const FOLDERS = {
  kernel: { imports: [], why: 'Everybody uses it, so it can use nobody.' },
  learning: { imports: ['kernel'], why: 'System 1 proposes; it must not know how proposals are judged.' },
  liveconfig: { imports: ['kernel'], why: 'A live session loads it: the smaller, the safer.' },
  history: {
    imports: ['kernel', 'liveconfig'],
    why: 'It reads what happened, as a live session would have loaded it; it must not depend on who decides now.',
  },
  watch: { imports: ['kernel'], why: 'Its verdicts must not depend on the loop that they watch.' },
  governance: {
    imports: ['kernel', 'learning', 'liveconfig'],
    why: 'System 2 judges patches (learning) against live values (liveconfig), and nothing else.',
  },
  review: {
    imports: ['kernel', 'governance', 'history', 'liveconfig'],
    why: 'The judge derives again with the same rules; it trusts nothing else.',
  },
  setup: {
    imports: ['kernel', 'governance', 'liveconfig', 'review'],
    why: 'It compares settings with what policy and judge demand, in the words of the judge; it judges nobody.',
  },
  reports: { imports: PURE_FOLDERS, why: 'Renderers: results in, text out.' },
  cycles: { imports: PURE_FOLDERS, why: 'Use cases reach the outside world through their ports only.' },
  // Of cycles, adapters reach the ports only: see `adapters-serve-ports`.
  adapters: { imports: [...PURE_FOLDERS, 'cycles'], why: 'An adapter serves a port; it starts no use case.' },
  app: {
    imports: [...PURE_FOLDERS, 'cycles', 'compose.ts'],
    why: 'Event → use case; the adapters come from compose.ts.',
  },
  // cli reaches adapters lazily only: see `cli-loads-adapters-lazily`.
  cli: {
    imports: [...PURE_FOLDERS, 'cycles', 'compose.ts', 'adapters'],
    why: 'Arguments → use case → renderer; the adapters come from compose.ts.',
  },
};

const OCTOKIT = 'Only the GitHub adapter speaks to GitHub, through its table of operations.';

/** Packages behind one door each, so that replacing one, or checking its use, means reading one place. */
const DOORS = {
  'big.js': { from: '^src/kernel/decimal[.]ts$', why: 'Decimals are compared and added in one way only.' },
  zod: {
    from: '/(schema|[^/]+-schema)[.]ts$',
    why: 'Importing zod costs 40–70 ms: only files named schema.ts or *-schema.ts do, and callers can be lazy.',
  },
  'smol-toml': {
    from: '^src/(liveconfig/|governance/policy)',
    why: 'TOML is read where its meaning is known: live configuration and policy.',
  },
  'toml-eslint-parser': {
    from: '^src/governance/toml-(location|edit)[.]ts$',
    why: 'Only for where a key stands in a text; values come from smol-toml.',
  },
  commander: { from: '^src/cli/', why: 'Only the command line parses arguments.' },
  picocolors: { from: '^src/cli/', why: 'Only a terminal has colours; renderers return plain text.' },
  'simple-git': { from: '^src/adapters/git/', why: 'Only the git adapter runs git.' },
  probot: { from: '^src/app/', why: 'Only the app is a Probot application.' },
  'prom-client': { from: '^src/app/metrics[.]ts$', why: 'Metrics are described in one place.' },
  '@octokit/rest': { from: '^src/adapters/github/', why: OCTOKIT },
  '@octokit/plugin-retry': { from: '^src/adapters/github/', why: OCTOKIT },
  '@octokit/plugin-throttling': { from: '^src/adapters/github/', why: OCTOKIT },
  '@octokit/auth-app': { from: '^src/adapters/github/', why: OCTOKIT },
};

/** The packages of DOORS that a pure folder may use at all. */
const PURE_PACKAGES = ['big.js', 'zod', 'smol-toml', 'toml-eslint-parser'];

const TEST_FILES = '[.]test[.]ts$';
/** The ports of the use cases: ports.ts, or one file per port, e.g. git-port.ts. */
const PORTS = '^src/cycles/(ports|[^/]+-port)[.]ts$';
const PURE = `^src/(${PURE_FOLDERS.join('|')})/`;
/** Kernel files are values: loading all of kernel/index.ts for one of them would only cost start-up time. */
// cycles holds one use case a file, reports one renderer a file: a command loads the ones it needs and no others.
const ENTRANCES = [
  '^src/(kernel|cycles|reports)/',
  '^src/[^/]+/index[.]ts$',
  '^src/learning/signals[.]ts$',
  '^src/adapters/([^/]+/index|[^/]+)[.]ts$',
];
const NPM_TYPES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const literal = (text) => text.replaceAll('.', '[.]');
const packagePath = (name) => `(^|/)node_modules/${literal(name)}/`;
const placePath = (name) => (name.endsWith('.ts') ? `^src/${literal(name)}$` : `^src/${name}/`);

const directions = Object.entries(FOLDERS).map(([folder, { imports, why }]) => ({
  name: `direction-of-${folder}`,
  comment: `${why} src/${folder} may import: ${imports.join(', ') || 'nothing of src'}.`,
  severity: 'error',
  from: { path: placePath(folder) },
  to: { path: '^src/', pathNot: [folder, ...imports].map(placePath) },
}));

const doors = Object.entries(DOORS).map(([name, { from, why }]) => ({
  name: `door-of-${name.replaceAll(/[./]/g, '-').replace('@', '')}`,
  comment: `${why} Tests may use ${name} freely.`,
  severity: 'error',
  from: { path: '^src/', pathNot: [TEST_FILES, from] },
  to: { path: packagePath(name) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    // --- Directions ---------------------------------------------------------------------------------------
    {
      name: 'known-place',
      comment: 'A new folder or file right under src has no direction yet: add it to FOLDERS.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...Object.keys(FOLDERS), 'compose.ts', 'index.ts'].map(placePath) },
      to: {},
    },
    ...directions,
    {
      name: 'direction-of-compose',
      comment: 'compose.ts joins adapters and use cases. It is used by the surfaces, and knows none of them.',
      severity: 'error',
      from: { path: placePath('compose.ts') },
      to: { path: ['cli', 'app', 'index.ts'].map(placePath) },
    },
    {
      name: 'direction-of-index',
      comment: 'The library does not carry the command line or the Probot application (that is `./app`).',
      severity: 'error',
      from: { path: placePath('index.ts') },
      to: { path: ['cli', 'app'].map(placePath) },
    },
    {
      name: 'adapters-serve-ports',
      comment: 'Of cycles, an adapter may know the ports that it implements, and nothing that runs.',
      severity: 'error',
      from: { path: placePath('adapters') },
      to: { path: placePath('cycles'), pathNot: PORTS },
    },
    {
      name: 'adapters-stay-apart',
      comment:
        'Each adapter can be replaced alone. What several share lies right under src/adapters. The mirror is git ' +
        'with more care: it may use that adapter.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/[^/]+/', pathNot: ['^src/adapters/$1/', '^src/adapters/git/index[.]ts$'] },
    },
    {
      name: 'only-the-mirror-uses-git',
      comment: 'Of the adapters, only the mirror builds on git: see `adapters-stay-apart`.',
      severity: 'error',
      from: { path: '^src/adapters/[^/]+/', pathNot: '^src/adapters/(git|mirror)/' },
      to: { path: '^src/adapters/git/' },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module, or miss a third. Type imports count, too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },

    // --- Entrances ----------------------------------------------------------------------------------------
    {
      name: 'enter-through-index',
      comment: 'A folder is entered through its index.ts, so that the rest of it can change freely.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: placePath('cli') },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', PORTS, ...ENTRANCES] },
    },
    {
      name: 'enter-through-index-or-lazily',
      comment:
        'cli, compose.ts and index.ts use index.ts files, too, except in `await import(…)`: a command loads ' +
        'only the use case and the adapter that it needs.',
      severity: 'error',
      from: { path: '^src/(cli/|compose[.]ts$|index[.]ts$)' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1', ...ENTRANCES], dynamic: false },
    },
    {
      name: 'cli-loads-adapters-lazily',
      comment: 'compose.ts is where adapters meet use cases. A command may only load one lazily by itself.',
      severity: 'error',
      from: { path: placePath('cli') },
      to: { path: placePath('adapters'), dynamic: false },
    },

    // --- Effects and packages -----------------------------------------------------------------------------
    {
      name: 'pure-folders-have-no-effects',
      comment:
        'No Node.js module in a pure folder. Hashing is a function of bytes: kernel/digest.ts wraps it.',
      severity: 'error',
      from: { path: PURE, pathNot: [TEST_FILES, '^src/kernel/digest[.]ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'digest-only-hashes',
      comment: 'kernel/digest.ts is the one pure file with a Node.js module: node:crypto.',
      severity: 'error',
      from: { path: '^src/kernel/digest[.]ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'cycles-have-ports',
      comment: 'A use case reads and writes through its ports, so that a fake can stand in. Paths are text.',
      severity: 'error',
      from: { path: placePath('cycles'), pathNot: TEST_FILES },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?path(/posix)?$' },
    },
    {
      name: 'pure-folders-few-packages',
      comment: `Of npm packages, a pure folder may use ${PURE_PACKAGES.join(', ')}, each behind its door.`,
      severity: 'error',
      from: { path: PURE, pathNot: TEST_FILES },
      to: { dependencyTypes: NPM_TYPES, pathNot: PURE_PACKAGES.map(packagePath) },
    },
    ...doors,

    // --- Hygiene ------------------------------------------------------------------------------------------
    {
      name: 'no-orphans',
      comment: 'A module that nobody imports, and that imports nothing, is left over.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/index[.]ts$' },
      to: {},
    },
    {
      name: 'no-test-in-code',
      comment: 'The published package holds no tests and nothing of test/.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_FILES },
      to: { path: ['^test/', TEST_FILES] },
    },
    {
      name: 'no-dev-package-in-code',
      comment: 'A devDependency is not installed where the package is used, and declarations would name it.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_FILES },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that package.json does not name is there by luck.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolved-import',
      comment: 'An import that leads nowhere would also escape every rule above.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // See type imports as well: a forbidden type is a forbidden dependency, only erased later.
    tsPreCompilationDeps: true,
    parser: 'tsc',
    doNotFollow: { path: 'node_modules' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
