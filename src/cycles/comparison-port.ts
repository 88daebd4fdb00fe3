import type { Instant } from '../kernel/instant.ts';
import type { PathChange } from '../review/index.ts';

/**
 * How trees of one repository differ, and what merging them gives; for judging, so nothing that a commit holds can bend an answer:
 * replace refs, hooks, filters, external and textual diffs, rename guesses and submodule settings play no part. Commits and trees
 * are named by full ids. Nothing moves; `mergeTree` may store objects that no ref names. Rejects with an `AppError`
 * (`GIT_FAILED`, `GIT_MISSING`).
 */
export interface TreeComparison {
  /** Answers all best common ancestors of two commits: none for unrelated histories, several for criss-cross merges. */
  mergeBases(one: string, other: string): Promise<readonly string[]>;

  /** Answers the tree that git's own merge of a head into a base gives, or null where it conflicts. */
  mergeTree(base: string, head: string): Promise<string | null>;

  /**
   * Answers every path that differs between two commits or trees, sorted by path; a rename is a removal and an addition. A path
   * outside of the governed root starts with `/`. Sizes are those of the stored objects; 0 for a submodule.
   */
  diff(from: string, to: string): Promise<readonly PathChange[]>;

  /** Answers the committer time that a commit claims. */
  time(commit: string): Promise<Instant>;
}
