/**
 * May a change be merged into its base now?
 *
 * Invariants: pure; what a head says of itself is never believed, only compared with what is derived again; every reason is
 * found at once; what could not be found out never counts as yes. Does not belong here: reading git (adapters, cycles), running the
 * loops (given as `Loops`), and merging.
 */

export { describeReviewFinding } from './finding-words.ts';
export { judge } from './judge.ts';
export { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_FILE_BYTES } from './limits.ts';
export type { Loops, RebuildRequest, Rebuilt } from './loops.ts';
export type { Outcome, ReviewFinding, RuleResult } from './review-finding.ts';
export type { PathChange, Side, Snapshot, StoredFile, Texts } from './snapshot.ts';
export type { ChangedValue, Conclusion, Verdict } from './verdict.ts';
