/** A note of `refs/notes/peak`, as it is stored. */
export interface NoteFile {
  /** The commit that it is about, a full id. */
  readonly commit: string;
  readonly oid: string;
  readonly mode: string;
  readonly sizeBytes: number;
}

/** What a commit says of itself. */
export interface CommitClaims {
  /** `Name <email>`; proof of nothing. */
  readonly author: string;
  /** Full ids, in order. */
  readonly parents: readonly string[];
}

/** What a repository holds about commits beside their trees. Rejects with an `AppError` (`GIT_FAILED`, `GIT_MISSING`). */
export interface CommitRecords {
  /**
   * Answers every note of `refs/notes/peak`, none where there is no such ref; several for one commit where the tree holds several.
   * Nothing is read but names and sizes: whoever can write refs can write anything there.
   */
  notes(): Promise<readonly NoteFile[]>;

  /** Answers what commits (full ids) say of themselves, in one git process. */
  claims(commits: readonly string[]): Promise<ReadonlyMap<string, CommitClaims>>;
}
