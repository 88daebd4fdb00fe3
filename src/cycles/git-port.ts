import type { Instant } from '../kernel/instant.ts';

/**
 * A file of a commit's tree. `mode` is git's octal string; only regular files (`100644`, `100755`) may be read as
 * governed input: `120000` is a symbolic link, `160000` a submodule, whose `oid` is no object of this repository.
 */
export interface TreeFile {
  /** Relative to the governed root, separated by `/`. A byte that is not UTF-8 stands as `\xNN`. */
  readonly path: string;
  readonly oid: string;
  readonly mode: string;
  /** Size of the stored bytes; 0 for a submodule. */
  readonly sizeBytes: number;
}

/** A path below the governed root that differs from HEAD. */
export interface PathChange {
  /** As in `TreeFile`. An untracked nested repository is one path that ends in `/`; an untracked path may be a symbolic link. */
  readonly path: string;
  /** `untracked`: neither in HEAD nor in the index. A file that was only staged is `modified`. */
  readonly state: 'modified' | 'untracked';
}

/** Who every commit of ours is by: no machine and no person, so that a request alone decides its commit id. */
export const PEAK_COMMITTER = 'Peak promotion loop <peak@localhost>';

/** One commit on one branch, as data: the same request yields the same commit id in every clone. */
export interface CommitRequest {
  /** Short name, e.g. `peak/promotion/manual`. */
  readonly branch: string;
  /** The commit the branch must still point at, which is then one of `parents`; null: the branch must not exist. */
  readonly expectedHead: string | null;
  /** At least one; the first is the previous head or the base. A repeated parent counts once. */
  readonly parents: readonly string[];
  /** The commit whose tree the new tree starts from. */
  readonly baseCommit: string;
  /** Added or replaced, by path relative to the governed root; always stored as regular files, `100644`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Stored as it is, without a clean-up. */
  readonly message: string;
  /** Author and committer time, in UTC, cut to whole seconds. */
  readonly time: Instant;
}

/**
 * The git repository that holds the governed root. Paths go in and out relative to that root, which may be a
 * subfolder. A prefix names a file or a folder literally, without wildcards; `''` is the root; no prefixes match
 * nothing. Lists are sorted by UTF-16 code unit. Only `commit` writes, and nothing but objects and the one branch.
 * Rejects with an `AppError`: `GIT_FAILED`, `GIT_MISSING`, and where it says so `GIT_REF_MOVED`.
 */
export interface GitRepository {
  /** Answers who committed a commit (a full id), `Name <email>`, as the commit says; proof of nothing but good faith. */
  committer(commit: string): Promise<string>;

  /**
   * Answers what differs from HEAD: staged or unstaged modification, addition, deletion, rename (both names) and
   * type change are `modified`. Untracked files appear one by one, those that Git ignores as well; a
   * repository inside this one is a single path that ends with a slash. The index is not refreshed; what it
   * marks `assume-unchanged` or `skip-worktree` counts as unchanged.
   */
  changes(prefixes: readonly string[]): Promise<readonly PathChange[]>;

  /** Answers the files of a commit (a full id) below the prefixes, recursively. */
  list(commit: string, prefixes: readonly string[]): Promise<readonly TreeFile[]>;

  /** Answers the exact stored bytes of blobs, in the order asked; one process for all. No filter, no line-end conversion. */
  read(oids: readonly string[]): Promise<readonly Uint8Array[]>;

  /**
   * Answers the commit that a name points at, or null when nothing has that name (`HEAD` before the first commit); a HEAD
   * that cannot be read is an error, never null. In this order: a full commit id,
   * `HEAD`, a full ref, a branch, a remote branch, a tag, an abbreviated id of at least 7 digits. No other revision
   * syntax, so a name from outside can only ever be a name.
   */
  resolve(ref: string): Promise<string | null>;

  /**
   * Writes the commit and moves the branch to it, only if it still is at `expectedHead`, else `GIT_REF_MOVED`; answers the
   * new id. Work tree, index and current branch stay untouched: a branch checked out in any work tree is refused
   * (`GIT_FAILED`). The branch moves in one step after all objects are stored, so nothing half done is ever visible.
   */
  commit(request: CommitRequest): Promise<string>;
}
