import type { PathChange } from '../../cycles/git-port.ts';
import { type GitScope, gitOutput } from './git-process.ts';
import { comparePaths, decodePath, normalizePrefix, splitRecords } from './tree-path.ts';

/** Answers what differs from HEAD below the prefixes; see the port. */
export async function readChanges(scope: GitScope, prefixes: readonly string[]): Promise<PathChange[]> {
  // To git, no path at all would mean every path.
  if (prefixes.length === 0) return [];
  const output = await gitOutput(scope.run, [
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=all',
    // With the option above, file by file: a pattern in some .gitignore must not make evidence vanish.
    '--ignored=traditional',
    '--no-renames',
    // A submodule counts by its commit; looking inside would run git under its configuration.
    '--ignore-submodules=dirty',
    '--',
    ...prefixes.map((prefix) => normalizePrefix(prefix) || '.'),
  ]);
  return parseStatus(output, scope.prefix);
}

/** What git neither tracks nor, with `!!`, would mention. */
const UNTRACKED = ['??', '!!'];

/** Reads `git status --porcelain=v1 -z --no-renames`: two letters, a blank, a path from the top of the repository. */
function parseStatus(output: Buffer, scopePrefix: string): PathChange[] {
  return splitRecords(output)
    .map((record) => ({
      path: decodePath(record.subarray(3)).slice(scopePrefix.length),
      state: UNTRACKED.includes(record.toString('latin1', 0, 2))
        ? ('untracked' as const)
        : ('modified' as const),
    }))
    .sort(comparePaths);
}
