import type { Instant } from '../kernel/instant.ts';

/** One commit of a first-parent line: its id, and the committer time it claims. */
export interface LineCommit {
  readonly id: string;
  readonly claimed: Instant;
}

/** A first-parent line, oldest commit first. */
export interface CommitLine {
  readonly commits: readonly LineCommit[];
  /** True when the oldest commit has parents that this clone does not hold (a shallow clone). */
  readonly isCut: boolean;
}

/** What a commit stores at a path: `mode` is git's octal string, `100644` for a regular file. */
export interface StoredFile {
  readonly oid: string;
  readonly mode: string;
}

/** A path that differs between a commit and its first parent; null where there is nothing. */
export interface FileChange {
  readonly path: string;
  readonly before: StoredFile | null;
  readonly after: StoredFile | null;
}

/** What one commit changes against its first parent. A commit without a parent adds everything. */
export interface CommitChange {
  readonly id: string;
  readonly files: readonly FileChange[];
}

/** A part of a first-parent line: everything after one commit (null: from the root) up to another. Full ids. */
export interface CommitRange {
  readonly after: string | null;
  readonly until: string;
}

/**
 * The first-parent history of a repository, for reading only. A fixed number of git processes a call, none per commit.
 * Nothing that a commit says (dates, messages, names) is trusted or interpreted. Rejects with an `AppError` (`GIT_FAILED`,
 * `GIT_MISSING`).
 */
export interface CommitLog {
  /** Answers the whole first-parent line that ends in a commit (a full id). */
  firstParents(commit: string): Promise<CommitLine>;

  /**
   * Answers the commits of a range that change something below the prefixes, oldest first. Prefixes name files or folders
   * literally, relative to the governed root, as paths do. A merge, of any number of parents, counts against its first.
   */
  changesAlong(range: CommitRange, prefixes: readonly string[]): Promise<readonly CommitChange[]>;
}
