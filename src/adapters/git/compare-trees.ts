import type { TreeComparison } from '../../cycles/comparison-port.ts';
import { AppError, BugError } from '../../kernel/app-error.ts';
import { type Instant, instantFromMs } from '../../kernel/instant.ts';
import type { PathChange, StoredFile } from '../../review/index.ts';
import { type GitScope, gitFailure, gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId, isObjectId } from './object-id.ts';
import { readSizes } from './objects.ts';
import { comparePaths, decodePath, splitRecords } from './tree-path.ts';

/** Binds the port to a repository; see there. */
export function createTreeComparison(scope: GitScope): TreeComparison {
  return {
    mergeBases: (one, other) => readMergeBases(scope.run, one, other),
    mergeTree: (base, head) => mergeTree(scope.run, base, head),
    diff: (from, to) => readDiff(scope, from, to),
    time: (commit) => readTime(scope.run, commit),
  };
}

async function readMergeBases(run: RunGit, one: string, other: string): Promise<readonly string[]> {
  for (const oid of [one, other]) assertObjectId(oid);
  const args = ['merge-base', '--all', one, other];
  const output = await run(args);
  // Exit code 1 without a word is git's "there is none".
  if (output.exitCode === 1 && output.stderr === '') return [];
  if (output.exitCode !== 0) throw gitFailure(args, output);
  return output.stdout.toString('latin1').trim().split('\n');
}

async function mergeTree(run: RunGit, base: string, head: string): Promise<string | null> {
  for (const oid of [base, head]) assertObjectId(oid);
  const args = ['merge-tree', '--write-tree', '--no-messages', '--name-only', '-z', base, head];
  const output = await run(args);
  const tree = output.stdout.toString('latin1').split('\0')[0] ?? '';
  // Exit code 1 is a conflict only together with a tree; for what it cannot merge at all git has the same code.
  if ((output.exitCode ?? 2) > 1 || !isObjectId(tree)) throw gitFailure(args, output);
  return output.exitCode === 1 ? null : tree;
}

async function readDiff(scope: GitScope, from: string, to: string): Promise<readonly PathChange[]> {
  for (const oid of [from, to]) assertObjectId(oid);
  if (from === to) return [];
  const output = await gitOutput(scope.run, [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=none',
    from,
    to,
  ]);
  const entries = parseRaw(output, scope.prefix);
  const oids = entries.flatMap(({ before, after }) => [before, after].flatMap((file) => file?.oid ?? []));
  const sizes = await readSizes(scope.run, [...new Set(oids)]);
  const sized = (file: RawFile | null): StoredFile | null =>
    file === null ? null : { ...file, sizeBytes: sizes.get(file.oid) ?? 0 };
  return entries.map(({ path, before, after }) => ({ path, before: sized(before), after: sized(after) }));
}

interface RawFile {
  readonly oid: string;
  readonly mode: string;
}

interface RawChange {
  readonly path: string;
  readonly before: RawFile | null;
  readonly after: RawFile | null;
}

const HEAD = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*$/;

/** Reads `git diff-tree --raw -z --no-renames`: modes, ids and a letter, then the path. */
function parseRaw(output: Buffer, prefix: string): RawChange[] {
  const records = splitRecords(output);
  const changes: RawChange[] = [];
  for (let i = 0; i + 1 < records.length; i += 2) {
    const match = HEAD.exec((records[i] as Buffer).toString('latin1'));
    if (match === null) throw new BugError('git diff-tree wrote an entry of unknown form');
    const [, oldMode = '', newMode = '', oldId = '', newId = ''] = match;
    const full = decodePath(records[i + 1] as Buffer);
    const path = full.startsWith(prefix) ? full.slice(prefix.length) : `/${full}`;
    changes.push({ path, before: fileOf(oldMode, oldId), after: fileOf(newMode, newId) });
  }
  return changes.sort(comparePaths);
}

function fileOf(mode: string, oid: string): RawFile | null {
  return mode === '000000' ? null : { mode, oid };
}

async function readTime(run: RunGit, commit: string): Promise<Instant> {
  assertObjectId(commit);
  const output = await gitOutput(run, ['log', '-1', '--no-show-signature', '--format=%ct', commit]);
  const seconds = Number(output.toString('latin1').trim());
  if (!Number.isSafeInteger(seconds)) throw new AppError('GIT_FAILED', `${commit} has no committer time`);
  return instantFromMs(seconds * 1000);
}
