import type {
  CommitChange,
  CommitLine,
  CommitRange,
  FileChange,
  LineCommit,
  StoredFile,
} from '../../history/index.ts';
import { BugError } from '../../kernel/app-error.ts';
import { instantFromMs } from '../../kernel/instant.ts';
import { type GitScope, gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId } from './object-id.ts';
import { decodePath, normalizePrefix } from './tree-path.ts';

/** Begins a commit in the output of `readCommitChanges`; no object id does. */
const COMMIT = '\u0001';
const NOTHING = /^0+$/;

/** Answers the first-parent line of a commit; see the port. */
export async function readCommitLine(run: RunGit, commit: string): Promise<CommitLine> {
  assertObjectId(commit);
  const output = await gitOutput(run, [
    'rev-list',
    '--first-parent',
    '--reverse',
    '--timestamp',
    commit,
    '--',
  ]);
  const commits = output.toString('latin1').trimEnd().split('\n').map(parseLineCommit);
  const [oldest] = commits;
  return { commits, isCut: oldest !== undefined && (await hasParents(run, oldest.id)) };
}

/** Answers what the commits of a range change; see the port. */
export async function readCommitChanges(
  scope: GitScope,
  { after, until }: CommitRange,
  prefixes: readonly string[],
): Promise<readonly CommitChange[]> {
  for (const id of after === null ? [until] : [after, until]) assertObjectId(id);
  // To git, no path at all would mean every path.
  if (prefixes.length === 0) return [];
  const output = await gitOutput(scope.run, [
    'log',
    '-z',
    '--first-parent',
    '--diff-merges=first-parent',
    '--reverse',
    '--raw',
    '--root',
    '--no-abbrev',
    '--no-renames',
    // A person's configuration (log.follow, diff.relative, log.showSignature) must not bend what is read.
    '--no-follow',
    '--no-relative',
    '--no-show-signature',
    '--no-color',
    `--format=${COMMIT}%H`,
    until,
    ...(after === null ? [] : [`^${after}`]),
    '--',
    ...prefixes.map((prefix) => normalizePrefix(prefix) || '.'),
  ]);
  return parseChanges(output, scope.prefix);
}

/** Reads `rev-list --timestamp`: seconds since 1970, a blank, the id. */
function parseLineCommit(line: string): LineCommit {
  const blank = line.indexOf(' ');
  return { claimed: instantFromMs(Number(line.slice(0, blank)) * 1000), id: line.slice(blank + 1) };
}

/** The stored commit still names its parents where a shallow clone pretends that there are none. */
async function hasParents(run: RunGit, commit: string): Promise<boolean> {
  const output = await gitOutput(run, ['cat-file', '--batch'], Buffer.from(`${commit}\n`));
  const [, , second] = output.toString('latin1', 0, 4096).split('\n');
  return second?.startsWith('parent ') === true;
}

/**
 * Reads `git log -z --raw`: per commit its mark and id, then per file `:<mode> <mode> <oid> <oid> <letter>` and the path,
 * everything ended by NUL. A path follows its colon record, so no name can pass for a commit.
 */
function parseChanges(output: Buffer, scopePrefix: string): CommitChange[] {
  const commits: { id: string; files: FileChange[] }[] = [];
  const records = output.toString('latin1').split('\0');
  for (let i = 0; i < records.length; i += 1) {
    const record = (records[i] as string).trimStart();
    if (record.startsWith(COMMIT)) commits.push({ id: record.slice(1), files: [] });
    else if (record.startsWith(':')) {
      i += 1;
      const path = decodeLatin(records[i] as string);
      commits.at(-1)?.files.push({ path: path.slice(scopePrefix.length), ...parseRaw(record) });
    } else if (record !== '') throw new BugError('git log wrote a record of unknown form');
  }
  return commits;
}

function parseRaw(record: string): { before: StoredFile | null; after: StoredFile | null } {
  const [oldMode, mode, oldOid, oid] = record.slice(1).split(' ') as [string, string, string, string];
  return { before: stored(oldOid, oldMode), after: stored(oid, mode) };
}

function stored(oid: string, mode: string): StoredFile | null {
  return NOTHING.test(oid) ? null : { oid, mode };
}

/** A path that was read byte by byte; nearly all are ASCII. */
function decodeLatin(path: string): string {
  return /^[ -~]*$/.test(path) ? path : decodePath(Buffer.from(path, 'latin1'));
}
