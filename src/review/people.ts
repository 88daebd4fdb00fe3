import type { Instant } from '../kernel/instant.ts';

/** An account. Names can be given away; ids cannot. */
export interface Person {
  readonly id: number;
  readonly login: string;
}

/** A review as GitHub holds it. */
export interface Review {
  readonly reviewer: Person;
  /** False for bots. */
  readonly isUser: boolean;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  /** The head that it was given on. */
  readonly commit: string;
  readonly at: Instant;
}

/** The author of one commit beyond the base; GitHub maps e-mails to accounts without proof, so only a verified one counts. */
export interface CommitAuthor {
  readonly commit: string;
  /** Null for nobody that GitHub knows. */
  readonly id: number | null;
  readonly isVerified: boolean;
}

/** Who wrote, approved and may approve a pull request (judge.md §1, §4.5). */
export interface People {
  readonly author: Person;
  /** Whether it is the bot's own: author, repository, branch and every commit (judge.md §1). */
  readonly isBotOwn: boolean;
  readonly reviews: readonly Review[];
  readonly commitAuthors: readonly CommitAuthor[];
  /** Ids of those whom the policy of the base names, with write access or active membership now. */
  readonly operators: ReadonlySet<number>;
  /** Ids of the repository's admins. */
  readonly admins: ReadonlySet<number>;
  /** Ids of operators who asked for it by a comment command or a button. */
  readonly commanders: ReadonlySet<number>;
  /** The task list of a body that the bot wrote; `none` where the body is not the bot's. */
  readonly ticks: 'all' | 'missing' | 'none';
  readonly isHeld: boolean;
  /** Changes in it that an operator said no to on this pull request. */
  readonly declined: readonly { readonly target: string; readonly by: string }[];
  /** Earlier heads → the digest of what they would have done (`digestEffect`). */
  readonly earlierEffects: ReadonlyMap<string, string>;
}
