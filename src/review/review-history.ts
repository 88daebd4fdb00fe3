import type { Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';

/** A file that a merge changed: object ids before and after, null where there was nothing. */
export interface MergedFile {
  readonly before: string | null;
  readonly after: string | null;
}

/** The latest promotion of a target that nobody has taken back. */
export interface StandingPromotion {
  readonly proposalId: string;
  /** The override right before it; null for none. */
  readonly before: Scalar | null;
  readonly mergedAt: Instant;
  /** Everything that its merge did, by path. */
  readonly merge: ReadonlyMap<string, MergedFile>;
}

/** What a judgement needs of the base branch's first-parent history (judge.md §5). */
export interface ReviewHistory {
  /** By target; absent where nothing stands. */
  readonly standing: ReadonlyMap<string, StandingPromotion>;
  /** Every value that a target ever had live. */
  readonly former: ReadonlyMap<string, ReadonlySet<Scalar>>;
}
