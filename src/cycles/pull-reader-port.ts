import type { Instant } from '../kernel/instant.ts';
import type { Person, Review } from '../review/index.ts';
import type { PostedRun } from './check-runs-port.ts';

/** An account as GitHub shows it. */
export interface Account extends Person {
  /** False for bots. */
  readonly isUser: boolean;
}

/** GitHub's words for those who belong to a repository or its organization (`author_association`). */
export const INSIDERS: readonly string[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/** A pull request as GitHub holds it now. */
export interface PullRequest {
  readonly number: number;
  readonly isOpen: boolean;
  readonly body: string;
  readonly author: Account;
  readonly head: {
    readonly sha: string;
    readonly branch: string;
    /** Id of the repository that holds the branch; null when it is another than the base's, or gone. */
    readonly repositoryId: number | null;
  };
  readonly base: { readonly branch: string; readonly repositoryId: number };
  /** The commit that merging made; null while it is not merged. */
  readonly mergedAs: string | null;
}

/** An open pull request, as a list shows it. */
export interface OpenPull {
  readonly number: number;
  /** Whether GitHub knows the author as nobody who belongs to the repository or its organization. */
  readonly isByOutsider: boolean;
  /** Full id. */
  readonly head: string;
  /** The base branch. */
  readonly branch: string;
}

/** A commit of a pull request, with what GitHub says of who made it. */
export interface PullCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  /** The accounts that GitHub maps author and committer to; null for none. */
  readonly author: Person | null;
  readonly committer: Person | null;
  /** GitHub's `verification.verified`. */
  readonly isVerified: boolean;
  /** The committer's time: GitHub's own where it made the commit. */
  readonly at: Instant;
}

/** A comment below a pull request. */
export interface PullComment {
  readonly id: number;
  readonly author: Account;
  readonly body: string;
  readonly at: Instant;
  readonly isEdited: boolean;
}

/** That somebody has closed a pull request, or opened it again. */
export interface PullClosing {
  readonly by: Account;
  readonly at: Instant;
  readonly isReopening: boolean;
}

/** Commits that merges into any branch of the repository have made. */
export interface RecentMerges {
  readonly commits: ReadonlySet<string>;
  /** Of all that were merged after this moment. */
  readonly since: Instant;
}

/** A pull request with everything that a verdict rests on and Git does not hold, at one moment. */
export interface PullState {
  readonly pull: PullRequest;
  /** Oldest first. */
  readonly reviews: readonly Review[];
  /** Oldest first. */
  readonly comments: readonly PullComment[];
  /** Oldest first; null where there are more than GitHub shows at once, which is 100. */
  readonly closings: readonly PullClosing[] | null;
  /** The latest run of our check on the head; runs of the same name by others are none. */
  readonly latestRun: PostedRun | null;
  /** Full id of the tip of the base branch; null when the branch is gone. It can lag behind what git says. */
  readonly baseTip: string | null;
  readonly merges: RecentMerges;
}

/**
 * What GitHub knows of pull requests, and Git does not. Each method is one request, and one more for each further page of 100.
 * Rejects with an `AppError` (`GITHUB_*`); an answer in part is none.
 */
export interface PullReader {
  /** Answers null for a number that is no pull request. */
  read(number: number): Promise<PullState | null>;
  openPulls(): Promise<readonly OpenPull[]>;
  /** Null when there are more than GitHub shows, which is 250. */
  commits(number: number): Promise<readonly PullCommit[] | null>;
  /** Commits from a tip on back, newest first, until one that is known, which is left out; null when there are more than 10,000. */
  commitsSince(tip: string, known: string | null): Promise<readonly PullCommit[] | null>;
}
