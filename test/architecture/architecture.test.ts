import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CruisedSource, cruiseSource, readImportRules, type Violation } from './cruise-source.ts';
import { findGlobalUses } from './global-names.ts';
import { type Plants, UNDECLARED_PACKAGE, writePlants, writeProjectCopy } from './planted-copy.ts';
import { listSourceFiles } from './source-files.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = readImportRules(ROOT);

/** The pure folders are those that the import rules call pure: there is no second list. */
const PURE = new RegExp(
  RULES.find((rule) => rule.name === 'pure-folders-have-no-effects')?.from.path ?? '^$',
);

function isPureCode(path: string): boolean {
  return PURE.test(path) && !path.endsWith('.test.ts');
}

/** Uses of global names in the pure folders of a project, as `path:line name`. */
function listGlobalUses(root: string): readonly string[] {
  return listSourceFiles(root)
    .filter(isPureCode)
    .flatMap((path) =>
      findGlobalUses(path, readFileSync(join(root, path), 'utf8')).map(
        ({ line, name }) => `${path}:${line} ${name}`,
      ),
    );
}

let cruised: CruisedSource;

beforeAll(async () => {
  cruised = await cruiseSource(ROOT);
});

describe('src', () => {
  test('keeps every import rule', () => {
    expect(cruised.violations).toEqual([]);
  });

  test('is seen whole: a checker that reads nothing also finds nothing wrong', () => {
    const files = listSourceFiles(ROOT);
    expect(files.length).toBeGreaterThan(0);
    expect(cruised.modules).toEqual(files);
    expect(cruised.modules).toHaveLength(files.length);
  });

  test('uses no global names in pure folders', () => {
    expect(listSourceFiles(ROOT).filter(isPureCode).length).toBeGreaterThan(0);
    expect(listGlobalUses(ROOT)).toEqual([]);
  });
});

/**
 * For each rule, files that break it; the first file is the one that must be reported.
 * A rule without an entry here fails the test below.
 */
const PLANTS: Readonly<Record<string, Plants>> = {
  'known-place': { 'src/utils/planted.ts': "import '../kernel/planted-leaf.ts';" },
  'direction-of-kernel': { 'src/kernel/planted-up.ts': "import '../learning/index.ts';" },
  'direction-of-learning': { 'src/learning/planted-sideways.ts': "import '../governance/index.ts';" },
  'direction-of-liveconfig': { 'src/liveconfig/planted-sideways.ts': "import '../governance/index.ts';" },
  'direction-of-history': { 'src/history/planted-sideways.ts': "import '../review/index.ts';" },
  'direction-of-watch': { 'src/watch/planted-sideways.ts': "import '../history/index.ts';" },
  'direction-of-governance': { 'src/governance/planted-effect.ts': "import '../adapters/planted/index.ts';" },
  'direction-of-review': { 'src/review/planted-sideways.ts': "import '../learning/index.ts';" },
  'direction-of-setup': { 'src/setup/planted-sideways.ts': "import '../history/index.ts';" },
  'direction-of-reports': { 'src/reports/planted-up.ts': "import '../cycles/index.ts';" },
  'direction-of-cycles': { 'src/cycles/planted-effect.ts': "import '../adapters/planted/index.ts';" },
  'direction-of-adapters': { 'src/adapters/planted/up.ts': "import '../../compose.ts';" },
  'direction-of-app': { 'src/app/planted-effect.ts': "import '../adapters/planted/index.ts';" },
  'direction-of-cli': { 'src/cli/planted-sideways.ts': "import '../app/index.ts';" },
  'direction-of-compose': { 'src/compose.ts': "import './cli/index.ts';" },
  'direction-of-index': { 'src/index.ts': "import './app/index.ts';" },
  'adapters-serve-ports': { 'src/adapters/planted/use-case.ts': "import '../../cycles/index.ts';" },
  'adapters-stay-apart': { 'src/adapters/planted/apart.ts': "import '../planted-other/index.ts';" },
  'only-the-mirror-uses-git': { 'src/adapters/planted/uses-git.ts': "import '../git/index.ts';" },
  'no-cycles': {
    'src/kernel/planted-cycle-a.ts': "import type { B } from './planted-cycle-b.ts';\nexport type A = B | 1;",
    'src/kernel/planted-cycle-b.ts': "import type { A } from './planted-cycle-a.ts';\nexport type B = A | 2;",
  },
  'enter-through-index': { 'src/governance/planted-deep.ts': "import '../learning/planted-leaf.ts';" },
  'enter-through-index-or-lazily': {
    'src/cli/planted-deep.ts':
      "import '../learning/planted-leaf.ts';\nexport const lazy = (): unknown => import('../cycles/planted-leaf.ts');",
  },
  'cli-loads-adapters-lazily': {
    'src/cli/planted-eager.ts':
      "import '../adapters/planted/index.ts';\nexport const lazy = (): unknown => import('../adapters/planted-other/index.ts');",
  },
  'pure-folders-have-no-effects': { 'src/kernel/planted-effect.ts': "import 'node:fs';" },
  'digest-only-hashes': { 'src/kernel/digest.ts': "import 'node:fs';" },
  'cycles-have-ports': { 'src/cycles/planted-core.ts': "import 'node:fs';\nimport 'node:path';" },
  'pure-folders-few-packages': { 'src/watch/planted-package.ts': "import 'commander';" },
  'door-of-big-js': { 'src/reports/planted-big.ts': "import 'big.js';" },
  'door-of-zod': { 'src/reports/planted-zod.ts': "import 'zod';" },
  'door-of-smol-toml': { 'src/reports/planted-toml.ts': "import 'smol-toml';" },
  'door-of-toml-eslint-parser': { 'src/reports/planted-location.ts': "import 'toml-eslint-parser';" },
  'door-of-commander': { 'src/app/planted-commander.ts': "import 'commander';" },
  'door-of-picocolors': { 'src/reports/planted-colors.ts': "import 'picocolors';" },
  'door-of-octokit-rest': { 'src/cycles/planted-rest.ts': "import '@octokit/rest';" },
  'door-of-octokit-plugin-retry': { 'src/cli/planted-retry.ts': "import '@octokit/plugin-retry';" },
  'door-of-octokit-plugin-throttling': {
    'src/cli/planted-throttling.ts': "import '@octokit/plugin-throttling';",
  },
  'door-of-octokit-auth-app': { 'src/adapters/planted/auth.ts': "import '@octokit/auth-app';" },
  'door-of-probot': { 'src/cli/planted-probot.ts': "import 'probot';" },
  'door-of-prom-client': { 'src/app/planted-prom.ts': "import 'prom-client';" },
  'door-of-simple-git': { 'src/adapters/planted/git.ts': "import 'simple-git';" },
  'no-orphans': { 'src/kernel/planted-orphan.ts': 'export const alone = true;' },
  'no-test-in-code': {
    'src/kernel/planted-tested.ts': "import './planted.test.ts';",
    'src/kernel/planted.test.ts': "import './planted-leaf.ts';",
  },
  'no-dev-package-in-code': { 'src/cli/planted-dev.ts': "import type { Test } from 'vitest';" },
  'no-undeclared-package': { 'src/cli/planted-undeclared.ts': `import '${UNDECLARED_PACKAGE}';` },
  'no-unresolved-import': { 'src/cli/planted-nowhere.ts': "import './planted-missing.ts';" },
};

/** Each way in which TypeScript can name a module; all must be seen. */
const FORMS: Readonly<Record<string, string>> = {
  'named import': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
  'namespace import': "import * as fs from 'node:fs';\nexport const read = fs.readFileSync;",
  'type import': "import type { Stats } from 'node:fs';\nexport type Planted = Stats;",
  'inline type': "export type Planted = import('node:fs').Stats;",
  're-export': "export { readFileSync } from 'node:fs';",
  'export all': "export * from 'node:fs';",
  'lazy import': "export const read = async (): Promise<unknown> => await import('node:fs');",
  'without node:': "import 'fs';",
  'built-in module': "export const read = process.getBuiltinModule('node:fs');",
};

const formPath = (index: number): string => `src/history/planted-form-${index}.ts`;

/** What the plants import, and uses that are allowed. */
const GROUND: Plants = {
  'src/index.ts': 'export {};',
  'src/compose.ts': "import './adapters/planted/index.ts';\nimport './kernel/planted-leaf.ts';",
  'src/adapters/planted/index.ts': "import '../../cycles/ports.ts';\nimport '../../kernel/planted-leaf.ts';",
  'src/adapters/planted-other/index.ts': "import '../../kernel/planted-leaf.ts';",
  'src/cycles/ports.ts': 'export {};',
  'src/cycles/planted-leaf.ts': "import '../governance/index.ts';",
  'src/kernel/planted-leaf.ts': 'export {};',
  'src/learning/planted-leaf.ts': "import '../kernel/planted-leaf.ts';",
  ...Object.fromEntries(
    ['learning', 'governance', 'history', 'review', 'cycles', 'app', 'cli'].map((folder) => [
      `src/${folder}/index.ts`,
      "import '../kernel/planted-leaf.ts';",
    ]),
  ),
};

const CLOCK = 'src/kernel/planted-clock.ts';

describe('the import rules', () => {
  let copy: string;
  let before: CruisedSource;
  let after: CruisedSource;

  beforeAll(async () => {
    copy = writeProjectCopy(ROOT);
    writePlants(copy, GROUND);
    before = await cruiseSource(copy);
    for (const plants of Object.values(PLANTS)) writePlants(copy, plants);
    writePlants(copy, Object.fromEntries(Object.values(FORMS).map((text, index) => [formPath(index), text])));
    writePlants(copy, { [CLOCK]: 'export const now = (): number => Date.now();' });
    after = await cruiseSource(copy);
  }, 120_000);

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  test('have nothing against what is allowed', () => {
    const nameOf = ({ rule, from }: Violation): string => `${rule}: ${from}`;
    const known = new Set(cruised.violations.map(nameOf));
    expect(before.violations.map(nameOf).filter((name) => !known.has(name))).toEqual([]);
  });

  test('have one plant each', () => {
    expect(Object.keys(PLANTS).sort()).toEqual(RULES.map((rule) => rule.name).sort());
  });

  test('give their reason', () => {
    expect(RULES.filter((rule) => (rule.comment ?? '').length < 20)).toEqual([]);
  });

  test('see planted files', () => {
    expect(after.modules).toEqual(listSourceFiles(copy));
    expect(after.modules.length).toBeGreaterThan(before.modules.length);
  });

  test.each(Object.entries(PLANTS))('report a break of %s', (rule, plants) => {
    const [from] = Object.keys(plants);
    const reported = after.violations.filter((violation) => violation.from === from);
    expect(reported.map((violation) => violation.rule)).toContain(rule);
  });

  test.each(Object.keys(FORMS).map((form, index) => [form, index] as const))('see: %s', (_form, index) => {
    expect(after.violations).toContainEqual({
      rule: 'pure-folders-have-no-effects',
      from: formPath(index),
      to: 'fs',
    });
  });

  test('let a command load a use case and an adapter lazily', () => {
    const lazy = after.violations.filter(
      ({ from, to }) => from.startsWith('src/cli/planted-') && /planted-(leaf|other)/.test(to),
    );
    expect(lazy).toEqual([
      {
        rule: 'enter-through-index-or-lazily',
        from: 'src/cli/planted-deep.ts',
        to: 'src/learning/planted-leaf.ts',
      },
    ]);
  });

  test('are joined by the check for global names', () => {
    expect(listGlobalUses(copy)).toContain(`${CLOCK}:2 Date`);
  });
});

describe('findGlobalUses', () => {
  const namesIn = (text: string): readonly string[] =>
    findGlobalUses('planted.ts', text).map(({ name }) => name);

  test.each([
    ['const now = Date.now();', 'Date'],
    ['const now = new Date();', 'Date'],
    ['class Day extends Date {}', 'Date'],
    ['const n = Math.random();', 'Math.random'],
    ["const n = Math['random']();", 'Math.random'],
    ['const { random } = Math;', 'Math.random'],
    ['const home = process.env.HOME;', 'process'],
    ['const { env } = process;', 'process'],
    ['const bag = { process };', 'process'],
    ['const bag = { clock: process };', 'process'],
    ["console.log('hello');", 'console'],
    ['const g = globalThis;', 'globalThis'],
    ["await fetch('https://example.org');", 'fetch'],
    ['setTimeout(f, 1);', 'setTimeout'],
    ['const id = crypto.randomUUID();', 'crypto'],
    ['const ms = performance.now();', 'performance'],
    ['const at = (Date as unknown) as Clock;', 'Date'],
    ['function f(now = Date.now()) {}', 'Date'],
    ['function f() { const process = 1; }\nprocess.exit();', 'process'],
    ['declare const process: Bag; process.exit();', 'process'],
  ])('finds %s', (text, name) => {
    expect(new Set(namesIn(text))).toEqual(new Set([name]));
  });

  test.each([
    'const n = Math.floor(1.5);',
    'const at = clock.Date.process;',
    'function f(at: Date): typeof process | undefined { return undefined; }',
    'interface Port { fetch(url: string): Promise<Date>; readonly process: string; }',
    'const bag = { process: 1, fetch() { return 2; } };',
    'const { process: step } = bag;',
    "import { fetch as load } from './port.ts';",
    'function judge(performance: Series) { const bag = { performance }; return performance.length; }',
    "import { fetch } from './port.ts'; fetch();",
    'class A implements Date {}',
    '/** Never calls Date.now(). */ export const x = "process.env"; // console.log',
  ])('accepts %s', (text) => {
    expect(namesIn(text)).toEqual([]);
  });

  test('gives the line', () => {
    expect(findGlobalUses('planted.ts', '\n\nDate.now();')).toEqual([{ name: 'Date', line: 3 }]);
  });
});
