/**
 * Bundles the command into `dist/cli/`, in place of what tsc wrote there (ADR 0008): a hundred small modules take longer to
 * find and compile than the command takes to work. `bundle-cli.ts DIR` writes into DIR/cli.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
/** commander is CommonJS and asks for Node.js modules by `require`, which an ES module does not have. */
const REQUIRE = `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`;
/** The package in whose folder a bundled file lies. */
const PACKAGE = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Names stay readable, and `node --enable-source-maps bin/peak.js …` shows places in src/. */
async function bundle(folder: string): Promise<readonly string[]> {
  // What tsc wrote, and chunks of another build. Its declarations stay: bin/peak.js is checked against them.
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (/[.]js(?:[.]map)?$/.test(path)) rmSync(join(folder, path));
  const { metafile } = await build({
    absWorkingDir: ROOT,
    // A thread starts from a file of its own, beside the chunk that starts it.
    entryPoints: {
      main: 'src/cli/main.ts',
      'read-ahead-thread': 'src/adapters/files/read-ahead-thread.ts',
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    mainFields: ['module', 'main'],
    // debug asks for it and does without: it would come from a tool's tree.
    external: ['supports-color'],
    banner: { js: REQUIRE },
    sourcemap: true,
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** The licence texts of all packages in the bundle: their authors ask that these go along. */
function formatLicences(inputs: readonly string[]): string {
  const folders = new Map(inputs.flatMap((path) => packageOf(path) ?? []));
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, folder]) => `${name}\n\n${readLicence(folder).trim()}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function packageOf(path: string): [name: string, folder: string][] | undefined {
  const found = PACKAGE.exec(path);
  return found === null ? undefined : [[found[1] as string, join(ROOT, found[0])]];
}

function readLicence(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence text to pass on`);
  return readFileSync(join(folder, file), 'utf8');
}

const folder = join(process.argv[2] ?? join(ROOT, 'dist'), 'cli');
const inputs = await bundle(folder);
writeFileSync(join(folder, 'THIRD-PARTY-LICENCES.txt'), formatLicences(inputs));
