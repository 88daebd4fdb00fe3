/**
 * Builds what action.yml runs (ADR 0012): all of `peak` in one committed file, and the licences of the packages in it. `--check`
 * writes nothing, names what is not up to date and exits 1; `--out DIR` builds elsewhere.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { formatLicences, LICENCES } from './bundle/licences.ts';
import { COMMON, REQUIRE, ROOT } from './bundle/options.ts';

const HEADER = `// Built by "npm run bundle" from src/ and the packages named in ${LICENCES}. Do not edit: CI builds it again and compares.`;

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    entryPoints: ['src/cli/action.ts'],
    outfile: 'peak.js',
    write: false,
    // Blanks and dead code go, names stay: a stack trace and a review need them.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
    // They stand whole beside it.
    legalComments: 'none',
    banner: { js: `${HEADER}\n${REQUIRE}` },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild built nothing');
  return new Map([
    ['peak.js', file.text],
    [LICENCES, formatLicences(Object.keys(metafile.inputs))],
  ]);
}

async function run(args: readonly string[]): Promise<number> {
  const outAt = args.indexOf('--out');
  const out = outAt === -1 ? join(ROOT, 'action/bundle') : resolve(args[outAt + 1] ?? '.');
  const files = await bundle();
  const stale = [...files].filter(([name, text]) => {
    const path = join(out, name);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  if (args.includes('--check')) {
    for (const [name] of stale)
      console.error(`${relative(ROOT, join(out, name))} is not up to date: run npm run bundle`);
    return stale.length === 0 ? 0 : 1;
  }
  mkdirSync(out, { recursive: true });
  for (const [name, text] of stale) writeFileSync(join(out, name), text);
  for (const [name, text] of files) {
    const isWritten = stale.some(([other]) => other === name);
    console.log(`${name}: ${Buffer.byteLength(text)} bytes${isWritten ? ', written' : ''}`);
  }
  return 0;
}

process.exitCode = await run(process.argv.slice(2));
