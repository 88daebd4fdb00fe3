/** The first lines of commit messages. Anybody can write anything there: a hint for people, never an input of a decision. */
export interface CommitSubjects {
  /** Answers the subject of each commit (full ids), in one git process. Rejects with an `AppError` (`GIT_FAILED`, `GIT_MISSING`). */
  subjects(commits: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
