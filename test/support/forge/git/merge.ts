import { type Person, readCommit, readCommits, writeCommit } from './commits.ts';
import type { GitStore } from './git-store.ts';

/** The tree of merging two commits three-way, or null when they conflict. */
export async function mergeTrees(store: GitStore, ours: string, theirs: string): Promise<string | null> {
  const { code, stdout } = await store.run(['merge-tree', '--write-tree', '--no-messages', ours, theirs]);
  return code === 0 ? (stdout.toString('utf8').split('\n')[0] ?? null) : null;
}

/** The best common ancestor, or null for unrelated histories. */
export async function mergeBase(store: GitStore, a: string, b: string): Promise<string | null> {
  const { code, stdout } = await store.run(['merge-base', a, b]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** Whether the first is the second or one of its ancestors. */
export async function isAncestor(store: GitStore, older: string, newer: string): Promise<boolean> {
  return (await store.run(['merge-base', '--is-ancestor', older, newer])).code === 0;
}

/** Commits of the second that the first does not have, oldest first. */
export async function listCommits(store: GitStore, base: string, head: string): Promise<readonly string[]> {
  const output = await store.text(['rev-list', '--reverse', '--topo-order', `${base}..${head}`]);
  return output.split('\n').filter((line) => line !== '');
}

/** Puts the commits of `head` one by one on `base`; null when one conflicts. Merge commits are left out. */
export async function rebase(
  store: GitStore,
  { base, head, committer }: { readonly base: string; readonly head: string; readonly committer: Person },
): Promise<string | null> {
  const commits = await readCommits(store, await listCommits(store, base, head));
  let tip = base;
  for (const commit of commits.filter(({ parents }) => parents.length === 1)) {
    const tree = await pick(store, tip, commit.sha);
    if (tree === null) return null;
    const { author, message } = commit;
    tip = await writeCommit(store, { tree, parents: [tip], author, committer, message, signed: false });
  }
  return tip;
}

/**
 * The tree of one commit's change applied to another commit. git 2.39 cannot be told the merge base, so the other side
 * is made to look like a sibling of the commit.
 */
async function pick(store: GitStore, onto: string, sha: string): Promise<string | null> {
  const { parents, author } = await readCommit(store, sha);
  const [parent = ''] = parents;
  return mergeTrees(store, await sibling(store, { of: parent, like: onto, author }), sha);
}

/** The tree of taking a commit's change (against its first parent) back, or null when that conflicts. */
export async function unpick(store: GitStore, onto: string, sha: string): Promise<string | null> {
  const { parents, author } = await readCommit(store, sha);
  const [parent = ''] = parents;
  const before = await sibling(store, { of: sha, like: parent, author });
  return mergeTrees(store, await sibling(store, { of: sha, like: onto, author }), before);
}

interface Sibling {
  /** The parent to claim. */
  readonly of: string;
  /** The commit whose tree it has. */
  readonly like: string;
  readonly author: Person;
}

async function sibling(store: GitStore, { of, like, author }: Sibling): Promise<string> {
  const { tree } = await readCommit(store, like);
  const message = 'side of a merge';
  return writeCommit(store, { tree, parents: [of], author, committer: author, message, signed: false });
}
