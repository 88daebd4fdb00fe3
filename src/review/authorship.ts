/** One commit beyond the base, with what GitHub and git say of it. */
export interface BranchCommit {
  readonly oid: string;
  /** GitHub's `verification.verified`: the signature is good, and belongs to the committer. */
  readonly verified: boolean;
  /** The accounts that GitHub maps author and committer to; null for none. */
  readonly author: string | null;
  readonly committer: string | null;
  /** Whether it is a merge of the base whose tree is the one that git's own merge gives. */
  readonly isBaseMerge: boolean;
}

/** The account whose key GitHub signs with for those who use its buttons or write through its API. */
export const GITHUB_ITSELF = 'web-flow';

/**
 * The first commit that is not the publisher's, or null. E-mails prove nothing: an author is the publisher only where GitHub has
 * verified the signature *and* made the commit itself, since anybody can sign a commit of their own that names another author.
 */
export function findForeignCommit(commits: readonly BranchCommit[], publisher: string): string | null {
  return commits.find((commit) => !commit.isBaseMerge && !isOwn(commit, publisher))?.oid ?? null;
}

function isOwn({ verified, author, committer }: BranchCommit, publisher: string): boolean {
  return verified && author === publisher && (committer === GITHUB_ITSELF || committer === publisher);
}
