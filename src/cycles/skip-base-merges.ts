import type { ReviewRepository } from './review-repository-port.ts';

/** Presses of "Update branch" that are looked behind; a publisher rebuilds long before. */
const MAX_MERGES = 50;

/** A head without the merges of the base on top of it, and where that parts from the base. */
export interface Original {
  readonly head: string;
  readonly mergeBase: string;
}

/**
 * What a head was before its branch was brought up to date ("Update branch"): merges on top whose tree is git's own merge of the commit
 * before and the base, so they bring nothing of their own. A proposal was derived from where that one parts from the base, and is judged
 * by it; what has moved since is judged as on a branch that is behind. Nothing that a commit says decides, only trees.
 */
export async function skipBaseMerges(
  git: Pick<ReviewRepository, 'firstParents' | 'mergeBases' | 'mergeTree' | 'diff'>,
  base: string,
  { head, mergeBase }: Original,
): Promise<Original> {
  const { commits } = await git.firstParents(head);
  let found: Original = { head, mergeBase };
  for (const { id: previous } of commits.slice(-MAX_MERGES - 1, -1).reverse()) {
    if (previous === found.mergeBase) break;
    const [from, ...others] = await git.mergeBases(base, previous);
    if (from === undefined || others.length > 0 || from === found.mergeBase || from === previous) break;
    const tree = await git.mergeTree(previous, found.mergeBase);
    if (tree === null || (await git.diff(tree, found.head)).length > 0) break;
    found = { head: previous, mergeBase: from };
  }
  return found;
}
