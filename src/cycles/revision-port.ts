/**
 * The words in which a person at a terminal names commits. Not for names that come from outside: those are names and nothing else
 * (`GitRepository.resolve`). Rejects with an `AppError` (`GIT_FAILED`, `GIT_MISSING`).
 */
export interface RevisionReader {
  /**
   * Answers the commit that a word leads to, or null: what `GitRepository.resolve` takes, `@` for HEAD, and behind either of them any number
   * of `~`, `^`, `~2`, `^2` (gitrevisions(7)). Ranges, reflogs and searches are no words for a commit.
   */
  resolveRevision(word: string): Promise<string | null>;

  /** Answers the short names of branches, remote branches and tags, to guess what was meant. */
  revisionNames(): Promise<readonly string[]>;
}
