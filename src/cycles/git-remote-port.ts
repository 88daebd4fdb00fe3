/** What a fetch found at the other end. */
export interface RemoteHeads {
  /** The default branch's commit; null when it has none. */
  readonly tip: string | null;
  /** Branches below `peak/`, by name. */
  readonly heads: ReadonlyMap<string, string>;
  /** Whether parts of the history are missing from the clone. */
  readonly isShallow: boolean;
}

/** A commit beyond another one. */
export interface NewCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly tree: string;
}

/**
 * The repository at the other end, seen through the clone: what is fetched goes to refs of our own (`refs/peak/remote/*`), so that
 * work tree, index, branches and remote-tracking branches stay as they are. Rejects with `AppError` `GIT_FAILED`, `GIT_MISSING`.
 */
export interface GitRemote {
  /** Where the governed root lies below the top of the repository: `''` or `a/b/`. */
  readonly prefix: string;

  /** Fetches the default branch and every branch of ours, and forgets those that are gone. */
  fetchHeads(defaultBranch: string): Promise<RemoteHeads>;

  /** Makes a commit readable that was the head of a pull request; false when it is not there any more. */
  fetchPull(number: number, commit: string): Promise<boolean>;

  /** Whether `HEAD` or a commit is an ancestor of another commit, or that commit itself. */
  isAncestor(ancestor: string, commit: string): Promise<boolean>;

  /** Answers the commits that a head has and a base has not, newest first. */
  commitsBeyond(base: string, head: string): Promise<readonly NewCommit[]>;

  /** Answers the tree that git's own merge of two commits gives, null when they conflict. */
  mergedTree(ours: string, theirs: string): Promise<string | null>;

  /** Answers the tree of a commit. */
  treeOf(commit: string): Promise<string>;
}
