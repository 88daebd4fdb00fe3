import type { CommitRecords } from './audit-port.ts';
import type { ReviewRepository } from './review-repository-port.ts';

/** A repository on GitHub, and what opens it for one call. */
export interface MirrorPlace {
  /** GitHub's number of it, which outlives renames. */
  readonly id: number;
  /** `https://github.com/owner/name.git`; a former name is refused, because that would be a redirect. */
  readonly url: string;
  /** Answers a token that reads contents; asked before each fetch, because tokens of an App hold for an hour. */
  readonly token: () => Promise<string>;
}

/** Where a base branch stands. */
export interface SyncedBase {
  readonly tip: string;
  /** Where it stood at the fetch before; null for the first. */
  readonly previous: string | null;
  /** Whether `previous` is no longer part of it: its history was rewritten. */
  readonly isRewritten: boolean;
}

/** What is to be judged: a pull request, or the branch of a merge group. */
export type HeadSource = { readonly pull: number } | { readonly branch: string };

/** A head with everything that belongs to it, in a place of its own. */
export interface SyncedHead {
  readonly head: string;
  /** The head's objects beside those of the base; by object id, and without a request to anybody. */
  readonly repository: ReviewRepository;
  /** Throws the head's objects away; afterwards `repository` answers nothing any more. May be repeated. */
  release(): Promise<void>;
}

/**
 * The mirror of one repository: full histories of its base branches, and heads in quarantine. The governed root is the top of the
 * repository. Calls may run side by side, also from several processes on one folder. A mirror that is damaged is cloned anew.
 *
 * Rejects with an `AppError`: `OBJECTS_REFUSED`, `OBJECTS_TOO_LARGE` (what was pushed is bad or too much), `FETCH_TOO_SLOW`,
 * `GITHUB_UNREACHABLE` (worth another try), `GITHUB_REFUSED` (token, permission, former name), `DISK_FULL`, `READ_ONLY`, `FILE_SYSTEM`,
 * `GIT_MISSING`, `GIT_FAILED`. Nothing of a refused fetch stays.
 */
export interface RepositoryMirror {
  /** Fetches a base branch; null when there is none. */
  syncBase(branch: string): Promise<SyncedBase | null>;

  /** Fetches `refs/notes/peak`, which the judge alone should write; null when there is none. */
  syncNotes(): Promise<string | null>;

  /**
   * Fetches a head into a quarantine; null when there is none. With `expected` (a full id) any other head is `GIT_REF_MOVED`: the pull
   * request has to be read again. Its base must have been fetched before, since everything else counts as the head's.
   */
  syncHead(source: HeadSource, expected?: string): Promise<SyncedHead | null>;

  /** What has been fetched of base branches and notes, by object id. */
  readonly repository: ReviewRepository;

  /** The notes that have been fetched, and what commits of base branches say of themselves. */
  readonly records: CommitRecords;
}
