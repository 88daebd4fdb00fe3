/**
 * Builds what action.yml runs: all of `peak` in one file, and the licences of the packages in it. `--check` writes nothing, names
 * what is not up to date and exits 1; `--out DIR` builds elsewhere.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { formatNotices, listBundledPackages } from './bundle/notices.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HEADER = `// Built by "npm run bundle" from src/ and the packages named in NOTICES.txt. Do not edit: CI builds it again and compares.
import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/** zod names its messages in 50 languages in one object, a third of the bundle; only English is ever used. */
const ENGLISH_ONLY: Plugin = {
  name: 'english-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(ROOT, 'src/cli/action.ts')],
    outfile: 'peak.js',
    // Paths in comments and names follow from it: the same on every machine.
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    // The oldest Node.js of "engines": the command in the bundle runs on a runner's own.
    target: 'node20.18',
    // Blanks and dead code go, names stay: a stack trace and a review need them.
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
    // NOTICES.txt has the licences whole.
    legalComments: 'none',
    // An optional companion of `debug` that only happens to be installed beside our tools.
    external: ['supports-color'],
    plugins: [ENGLISH_ONLY],
    banner: { js: HEADER },
    tsconfig: join(ROOT, 'tsconfig.json'),
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild built nothing');
  return new Map([
    ['peak.js', file.text],
    ['NOTICES.txt', noticesOf(metafile)],
  ]);
}

function noticesOf(metafile: Metafile): string {
  return formatNotices(listBundledPackages(Object.keys(metafile.inputs), (path) => join(ROOT, path)));
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
  for (const [name, text] of files)
    console.log(
      `${name}: ${Buffer.byteLength(text)} bytes${stale.some(([other]) => other === name) ? ', written' : ''}`,
    );
  return 0;
}

process.exitCode = await run(process.argv.slice(2));
