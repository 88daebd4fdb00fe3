/**
 * What was live when, and how did it come about?
 *
 * Invariants: read from content, never from commit messages, authors or author dates; what nothing explains is named, and its
 * values are never values to go back to; of an event, a later commit can change one thing only: that it settles it (ADR 0009). Does not belong here: what budgets make of it (governance), and running git (adapters).
 */
export type {
  CommitChange,
  CommitLine,
  CommitLog,
  CommitRange,
  FileChange,
  LineCommit,
  StoredFile,
} from './commit-log.ts';
export type { HistoryEvent, LiveChange } from './event.ts';
export { isSameOverride, liveParameter } from './loaded-config.ts';
export type { MergedProposal, ReadProposal } from './merged-proposal.ts';
export { placeInTime } from './place-in-time.ts';
export { planRollback } from './plan-rollback.ts';
export { type History, type HistorySource, readHistory } from './read-history.ts';
export { Ledgers, type Override, type TargetLedger } from './target-ledger.ts';
