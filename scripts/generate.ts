import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEmptyOverrides } from '../src/cycles/empty-overrides.ts';
import { ok, type Result } from '../src/kernel/result.ts';
import { formatProblem } from '../src/reports/problem-text.ts';
import { generateJsonSchemas } from './generate/json-schemas.ts';

import { generateOwnFiles } from './generate/own-files.ts';
import { generatePolicyReference } from './generate/policy-reference.ts';

/**
 * Writes the generated files of this repository. `--check` writes nothing, names every file that is not up to date and
 * exits 1; `--root DIR` works on another copy.
 */
function main(args: readonly string[]): number {
  const rootAt = args.indexOf('--root');
  const root = resolve(
    rootAt === -1 ? fileURLToPath(new URL('..', import.meta.url)) : (args[rootAt + 1] ?? '.'),
  );
  const read = (path: string): string | null =>
    existsSync(resolve(root, path)) ? readFileSync(resolve(root, path), 'utf8') : null;
  const generated = generate(read);
  if (!generated.ok) {
    for (const problem of generated.problems) console.error(formatProblem(problem));
    return 1;
  }
  const stale = [...generated.value].filter(([path, text]) => read(path) !== text);
  if (!args.includes('--check')) {
    for (const [path, text] of stale) write(resolve(root, path), text);
    console.log(stale.length === 0 ? 'nothing to do' : stale.map(([path]) => `wrote ${path}`).join('\n'));
    return 0;
  }
  for (const [path] of stale) console.error(`${path} is not up to date: run npm run generate`);
  return stale.length === 0 ? 0 : 1;
}

function generate(read: (path: string) => string | null): Result<ReadonlyMap<string, string>> {
  const overrides = buildEmptyOverrides(read);
  if (!overrides.ok) return overrides;
  return ok(
    new Map([
      ...generateJsonSchemas(),
      ...generatePolicyReference(),
      ...generateOwnFiles(read),
      ...overrides.value,
    ]),
  );
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

process.exitCode = main(process.argv.slice(2));
