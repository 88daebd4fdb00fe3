import type { Checkout } from '../../cycles/checkout-port.ts';
import { createGitRunner, gitFailure, gitOutput, type RunGit } from './git-process.ts';
import { decodePath, splitRecords } from './tree-path.ts';

/** What git would do to files of the work tree that holds this folder; there must be one. */
export function openCheckout(root: string): Checkout {
  const run = createGitRunner(root);
  return {
    attributes: (paths, attributes) => readAttributes(run, paths, attributes),
    ignored: (paths) => readIgnored(run, paths),
  };
}

/** `git check-attr -z` writes path, attribute and value, each ended by a NUL. */
async function readAttributes(run: RunGit, paths: readonly string[], attributes: readonly string[]) {
  const output = await gitOutput(run, ['check-attr', '-z', '--stdin', ...attributes], toInput(paths));
  const words = splitRecords(output).map(decodePath);
  return Array.from({ length: words.length / 3 }, (_, i) => {
    const [path = '', attribute = '', value = ''] = words.slice(3 * i, 3 * i + 3);
    return { path, attribute, value };
  });
}

/** `git check-ignore` ends with 1 when it found nothing, which is no failure. */
async function readIgnored(run: RunGit, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const args = ['check-ignore', '-z', '--no-index', '--stdin'];
  const output = await run(args, toInput(paths));
  if (output.exitCode !== 0 && output.exitCode !== 1) throw gitFailure(args, output);
  return new Set(splitRecords(output.stdout).map(decodePath));
}

function toInput(paths: readonly string[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''));
}
