import type { TreeFile } from '../../cycles/git-port.ts';
import { BugError } from '../../kernel/app-error.ts';
import { type GitScope, gitOutput } from './git-process.ts';
import { assertObjectId } from './object-id.ts';
import { comparePaths, decodePath, normalizePrefix, splitRecords } from './tree-path.ts';

const ENTRY = /^(\d{6}) [a-z]+ ([0-9a-f]+) +(\d+|-)$/;

/** Answers the files of a commit below the prefixes; see the port. */
export async function readTreeFiles(
  scope: GitScope,
  commit: string,
  prefixes: readonly string[],
): Promise<TreeFile[]> {
  assertObjectId(commit);
  if (prefixes.length === 0) return [];
  const paths = prefixes.map((prefix) => `${scope.prefix}${normalizePrefix(prefix)}`.replace(/\/$/, ''));
  const output = await gitOutput(scope.run, [
    'ls-tree',
    '-r',
    '-z',
    '--long',
    '--full-tree',
    commit,
    '--',
    ...(paths.includes('') ? [] : paths),
  ]);
  return parseTree(output, scope.prefix);
}

/** Reads `git ls-tree -r -z --long --full-tree`, and leaves out what does not lie below the scope. */
function parseTree(output: Buffer, scopePrefix: string): TreeFile[] {
  return splitRecords(output)
    .map(parseEntry)
    .filter((file) => file.path.startsWith(scopePrefix))
    .map((file) => ({ ...file, path: file.path.slice(scopePrefix.length) }))
    .sort(comparePaths);
}

function parseEntry(record: Buffer): TreeFile {
  const tab = record.indexOf('\t');
  const [, mode, oid, size] = ENTRY.exec(record.toString('latin1', 0, tab)) ?? [];
  if (mode === undefined || oid === undefined)
    throw new BugError('git ls-tree wrote an entry of unknown form');
  return {
    path: decodePath(record.subarray(tab + 1)),
    oid,
    mode,
    sizeBytes: size === '-' ? 0 : Number(size),
  };
}
