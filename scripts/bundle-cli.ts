/**
 * Bundles the command into `dist/cli/`, in place of what tsc wrote there (ADR 0002): a hundred small modules take longer to
 * find and compile than the command takes to work. `bundle-cli.ts DIR` writes into DIR/cli.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { formatLicences, LICENCES } from './bundle/licences.ts';
import { COMMON, REQUIRE, ROOT } from './bundle/options.ts';

/** Names stay readable, and `node --enable-source-maps bin/peak.js …` shows places in src/. */
async function bundle(folder: string): Promise<readonly string[]> {
  // What tsc wrote, and chunks of another build. Its declarations stay: bin/peak.js is checked against them.
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (/[.]js(?:[.]map)?$/.test(path)) rmSync(join(folder, path));
  const { metafile } = await build({
    ...COMMON,
    // A thread starts from a file of its own, beside the chunk that starts it.
    entryPoints: {
      main: 'src/cli/main.ts',
      'read-ahead-thread': 'src/adapters/files/read-ahead-thread.ts',
    },
    outdir: folder,
    splitting: true,
    banner: { js: REQUIRE },
    sourcemap: true,
  });
  return Object.keys(metafile.inputs);
}

const folder = join(process.argv[2] ?? join(ROOT, 'dist'), 'cli');
const inputs = await bundle(folder);
writeFileSync(join(folder, LICENCES), formatLicences(inputs));
