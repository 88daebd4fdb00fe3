import type { CommitRequest } from '../../cycles/git-port.ts';
import type { GitRemote } from '../../cycles/git-remote-port.ts';
import { AppError } from '../../kernel/app-error.ts';
import { statusOf } from './failure.ts';
import type { GitHubRepository } from './repository.ts';

/** Largest content of one request, in bytes: a night's evidence fits into one; GitHub gives up on requests of over 10 seconds. */
const CHUNK_BYTES = 5_000_000;

/** What has to be known of the clone. */
type Base = Pick<GitRemote, 'prefix' | 'treeOf'>;

/**
 * Stores a commit and moves the branch to it, never forced. Contents stand inline in the tree; no author is named, so that GitHub
 * signs. Nothing can be seen before the last call.
 */
export async function writeGitHubCommit(
  repository: GitHubRepository,
  remote: Base,
  request: CommitRequest,
): Promise<string> {
  const tree = await writeTree(repository, remote, request);
  const { sha } = await repository.call<{ sha: string }>('createCommit', {
    message: request.message,
    tree,
    parents: [...new Set(request.parents)],
  });
  await moveBranch(repository, request, sha);
  return sha;
}

interface TreeEntry {
  readonly path: string;
  readonly mode: '100644';
  readonly type: 'blob';
  readonly content: string;
}

async function writeTree(
  repository: GitHubRepository,
  remote: Base,
  { baseCommit, files }: CommitRequest,
): Promise<string> {
  let tree = await remote.treeOf(baseCommit);
  for (const entries of chunk(files, remote.prefix)) {
    const created = await repository.call<{ sha: string }>('createTree', { base_tree: tree, tree: entries });
    tree = created.sha;
  }
  return tree;
}

function chunk(files: CommitRequest['files'], prefix: string): readonly (readonly TreeEntry[])[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const chunks: TreeEntry[][] = [];
  let room = 0;
  for (const [path, bytes] of files) {
    if (chunks.length === 0 || bytes.length > room) {
      chunks.push([]);
      room = CHUNK_BYTES;
    }
    room -= bytes.length;
    chunks
      .at(-1)
      ?.push({ path: `${prefix}${path}`, mode: '100644', type: 'blob', content: decoder.decode(bytes) });
  }
  return chunks;
}

/** A ref that is elsewhere, or has another one in its way (GitHub's description of create-ref and update-ref). */
const NOT_THERE: readonly number[] = [409, 422];

async function moveBranch(repository: GitHubRepository, request: CommitRequest, sha: string): Promise<void> {
  const { branch, expectedHead } = request;
  try {
    if (expectedHead === null) await repository.call('createRef', { ref: `refs/heads/${branch}`, sha });
    else await repository.call('updateRef', { ref: `heads/${branch}`, sha, force: false });
  } catch (error) {
    if (!NOT_THERE.includes(statusOf(error) ?? 0)) throw error;
    throw movedAway(request, error);
  }
}

function movedAway({ branch, expectedHead }: CommitRequest, cause: unknown): AppError {
  return new AppError('GIT_REF_MOVED', `${branch} is not at ${expectedHead ?? 'nothing'} any more`, {
    hint: 'somebody else wrote this branch in the meantime; run this again to start from its new head',
    cause,
  });
}
