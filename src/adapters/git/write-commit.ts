import { randomUUID } from 'node:crypto';
import type { CommitRequest } from '../../cycles/git-port.ts';
import { AppError, BugError } from '../../kernel/app-error.ts';
import { formatImport } from './fast-import.ts';
import { type GitScope, gitFailure, gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId } from './object-id.ts';
import { resolveObjects } from './objects.ts';
import { isRefName } from './ref-name.ts';
import { readRef } from './refs.ts';
import { isTreePath } from './tree-path.ts';

/** Stores the commit, then moves the branch by compare-and-swap; answers the new id. See the port. */
export async function writeCommit({ run, prefix }: GitScope, request: CommitRequest): Promise<string> {
  assertRequest(request);
  const ref = `refs/heads/${request.branch}`;
  await refuseCheckedOut(run, ref);
  const baseTree = await readBaseTree(run, request);
  const scratchRef = `refs/peak-import-${randomUUID()}`;
  const stream = formatImport(request, { baseTree, scopePrefix: prefix, scratchRef });
  // --done: a stream that was cut off is an error.
  const output = await gitOutput(run, ['fast-import', '--quiet', '--done', '--date-format=raw'], stream);
  const commit = output.toString('latin1').trim();
  assertObjectId(commit);
  await moveBranch(run, { ref, commit, expected: request.expectedHead });
  return commit;
}

function assertRequest(request: CommitRequest): void {
  const { expectedHead, parents } = request;
  for (const oid of [request.baseCommit, ...parents]) assertObjectId(oid);
  if (parents.length === 0) throw new BugError('a commit without a parent would start a second history');
  if (expectedHead !== null && !parents.includes(expectedHead)) {
    throw new BugError('a commit that does not continue its branch would have to be forced');
  }
  if (!(request.time >= 0)) throw new BugError('git has no commit times before 1970');
  if (request.message.includes('\0')) throw new BugError('a commit message cannot hold NUL');
  if (!isRefName(`refs/heads/${request.branch}`)) {
    throw new AppError('GIT_FAILED', `not a branch name: ${request.branch}`);
  }
  const folders = new Set([...request.files.keys()].flatMap(ancestors));
  for (const path of request.files.keys()) {
    if (folders.has(path)) throw new BugError(`both a file and a folder: ${path}`);
    if (!isTreePath(path)) throw new AppError('GIT_FAILED', `git cannot store this path: ${path}`);
  }
}

/** The folders above a path. */
function ancestors(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'));
}

async function refuseCheckedOut(run: RunGit, ref: string): Promise<void> {
  const output = await gitOutput(run, ['worktree', 'list', '--porcelain']);
  if (!output.toString('utf8').split('\n').includes(`branch ${ref}`)) return;
  throw new AppError(
    'GIT_FAILED',
    `the branch ${ref} is checked out in a work tree, which would fall behind`,
    {
      hint: 'switch that work tree to another branch (`git worktree list` shows them), then run this again',
    },
  );
}

/** Answers the base's tree; asks for the parents too, because fast-import leaves a crash report where one is missing. */
async function readBaseTree(run: RunGit, { baseCommit, parents }: CommitRequest): Promise<string> {
  const commits = [baseCommit, ...parents];
  const expressions = [`${baseCommit}^{tree}`, ...commits.map((oid) => `${oid}^{commit}`)];
  const [tree, ...found] = await resolveObjects(run, expressions);
  const missing = commits.find((oid, index) => found[index] !== oid);
  if (missing === undefined && tree) return tree;
  throw new AppError('GIT_FAILED', `${missing ?? baseCommit} is no commit of this repository`, {
    hint: 'fetch it first',
  });
}

interface BranchMove {
  readonly ref: string;
  readonly commit: string;
  readonly expected: string | null;
}

/** `--no-deref`: a branch that is a symbolic ref must not move the branch it stands for. */
async function moveBranch(run: RunGit, { ref, commit, expected }: BranchMove): Promise<void> {
  const old = expected ?? '0'.repeat(commit.length);
  const args = ['update-ref', '--no-deref', '-m', 'peak: commit', ref, commit, old];
  const output = await run(args);
  if (output.exitCode === 0) return;
  const actual = await readRef(run, ref);
  if (actual === expected) throw gitFailure(args, output);
  throw new AppError(
    'GIT_REF_MOVED',
    `${ref} is at ${actual ?? 'nothing'}, expected ${expected ?? 'nothing'}`,
    {
      hint: 'somebody else wrote this branch in the meantime; run this again to start from its new head',
    },
  );
}
