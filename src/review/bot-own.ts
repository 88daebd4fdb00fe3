import { type BranchCommit, findForeignCommit } from './authorship.ts';
import { EVIDENCE_BRANCH, LANE_BRANCHES } from './branches.ts';
import type { Person } from './people.ts';

/** One commit beyond the base, with its parents in order. */
export interface PullCommit extends BranchCommit {
  readonly parents: readonly string[];
}

/** What GitHub and git say of a pull request; nothing of it is taken from its text. */
export interface Authorship {
  readonly author: Person;
  readonly head: { readonly oid: string; readonly ref: string; readonly repositoryId: number | null };
  readonly baseRepositoryId: number;
  /** Every commit that the head has and the base has not; null where they are not all known. */
  readonly commits: readonly PullCommit[] | null;
}

/** Branches on which a pull request can be the bot's own: on the manual lane's it gains nothing by being so (judge.md §1). */
const OWN_BRANCHES: readonly string[] = [LANE_BRANCHES.auto, EVIDENCE_BRANCH];

/**
 * Whether a pull request is the bot's own (judge.md §1): opened by the publisher's account, by id; on a branch of the bot's in the base
 * repository; and every commit verified by GitHub as the publisher's, or a merge of the base that changed nothing on its own. Commits
 * that are not all known, or that do not hang together up to the head, make it nobody's. `publisher` null: not known, or the judge's
 * own App, which is never one.
 */
export function isBotOwn(facts: Authorship, publisher: Person | null): boolean {
  return OWN_BRANCHES.includes(facts.head.ref) && isByPublisher(facts, publisher);
}

/** The same on any branch: whether the publisher made all that a pull request holds, whoever asked for it. */
export function isByPublisher(
  { author, head, baseRepositoryId, commits }: Authorship,
  publisher: Person | null,
): boolean {
  if (publisher === null || author.id !== publisher.id) return false;
  if (head.repositoryId !== baseRepositoryId) return false;
  if (commits === null || !isWhole(commits, head.oid)) return false;
  return findForeignCommit(commits, publisher.login) === null;
}

/** Whether the commits are those of the head: each is the head, or a parent of another one, and none stands twice. */
function isWhole(commits: readonly PullCommit[], head: string): boolean {
  const parents = new Set(commits.flatMap((commit) => commit.parents));
  const known = new Set(commits.map(({ oid }) => oid));
  return (
    known.has(head) &&
    known.size === commits.length &&
    commits.every(({ oid }) => oid === head || parents.has(oid))
  );
}
