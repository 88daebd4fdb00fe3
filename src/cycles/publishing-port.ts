import type { Problem } from '../kernel/problem.ts';
import type { Result } from '../kernel/result.ts';
import type { WebPlace } from '../review/index.ts';
import type { CommitRequest } from './git-port.ts';

/** An open pull request of ours, as it was read. */
export interface OpenPull {
  readonly number: number;
  readonly url: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** ISO 8601. */
  readonly openedAt: string;
}

/** An open pull request of ours, and whether this call opened it. */
export interface OpenedPull extends OpenPull {
  readonly isNew: boolean;
}

/**
 * Who closed a pull request. `unknown`: GitHub does not say, or not to this publisher. `not_asked`: the answer is worth no more calls
 * (ADR 0010).
 */
export type Closer = 'operator' | 'other' | 'unknown' | 'not_asked';

/** How much to read: all that a cycle needs, or the base alone, which no state of a branch of ours can be in the way of. */
export type SurveyScope = 'all' | 'base';

/** A pull request of ours, open or over. */
export interface KnownPull {
  readonly number: number;
  readonly branch: string;
  /** Its head now, or when it was merged or closed. */
  readonly head: string;
  readonly body: string;
  /** `closed`: without a merge. */
  readonly state: 'open' | 'merged' | 'closed';
  /** When it was merged or closed, ISO 8601; null while it is open. */
  readonly closedAt: string | null;
}

/** A branch that carries one of our names and is not, or not only, ours. */
export interface HandsOff {
  readonly branch: string;
  /** The commit or pull request that is somebody else's: `abc123def456` or `#12`. */
  readonly because: string;
}

/** Who publishes, and what that means. */
export interface Publisher {
  /** `local`: commits on branches of this clone. `app`: a GitHub App. `token`: the workflow's own token. */
  readonly kind: 'local' | 'app' | 'token';
  readonly login: string;
}

/** Everything that a cycle must know of the place where it publishes. Commits in it can be read from the clone. */
export interface Survey {
  readonly publisher: Publisher;
  /** The commit that everything is derived from. */
  readonly base: string;
  /** Heads of our branches, free of foreign commits. */
  readonly heads: ReadonlyMap<string, string>;
  /** Heads of the other branches below `peak/`, whoever wrote them; none for a clone, which can be asked itself. */
  readonly others: ReadonlyMap<string, string>;
  readonly handsOff: readonly HandsOff[];
  /** By branch. */
  readonly open: ReadonlyMap<string, OpenPull>;
}

/** A pull request to open. */
export interface NewPull {
  readonly branch: string;
  readonly title: string;
  readonly body: string;
}

/** What to change of a pull request; absent is unchanged. */
export interface PullEdit {
  readonly title?: string;
  readonly body: string;
  readonly state?: 'closed';
}

/** Calls of one kind that were made. */
export interface CallCount {
  readonly name: string;
  readonly kind: 'read' | 'write' | 'token' | 'git';
  readonly count: number;
}

/** Pull requests. Every method may be repeated: what has happened already is found, not done twice. */
export interface PullRequests {
  /** Where links in a body lead. */
  readonly web: WebPlace;

  /** Opens a pull request against the default branch, or finds ours; `GIT_REF_MOVED` when somebody else's stands there. */
  open(pull: NewPull): Promise<OpenedPull>;

  /**
   * Changes an open pull request from what its body says right now, so that nothing is lost that another run has written into it; null
   * changes nothing. `GIT_REF_MOVED` when it has been merged or closed since it was read.
   */
  edit(number: number, change: (body: string) => PullEdit | null): Promise<void>;

  /** Asks reviewers (logins and `@org/team`), then sets labels; what is refused becomes a warning. */
  mark(number: number, labels: readonly string[], reviewers: readonly string[]): Promise<readonly Problem[]>;

  /** Who closed it: one of these operators, or somebody else. */
  closerOf(number: number, operators: readonly string[]): Promise<Closer>;

  /**
   * Ours that are open, or were merged or closed at or after an ISO 8601 date: the newest end first, open ones last. With a commit: of that
   * head only, and nothing more is read where the survey has seen a closed one.
   */
  since(date: string, head?: string): Promise<readonly KnownPull[]>;

  /** Makes the head of a closed pull request readable in the clone; false when nobody has it any more. */
  fetchHead(pull: Pick<KnownPull, 'number' | 'head'>): Promise<boolean>;
}

/**
 * Where a cycle publishes. Rejects with an `AppError`; `GIT_REF_MOVED` and `GITHUB_INTERRUPTED` mean: read again from the start.
 * Nothing is ever forced, and no branch shows a commit before all of its files are stored.
 */
export interface PublishingPort {
  /** Reads the place. Of the base alone: no `heads`, `handsOff` and `open`; the clone may be shallow, and have commits of its own. */
  survey(scope: SurveyScope): Promise<Result<Survey>>;

  /** As `GitRepository.commit`. Author, committer and time may be the place's own. */
  commit(request: CommitRequest): Promise<string>;

  /** Null where there are none: in a clone. */
  readonly pulls: PullRequests | null;

  /** What has been asked of the outside so far. */
  calls(): readonly CallCount[];
}
