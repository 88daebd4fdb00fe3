/**
 * System 1: what does the evidence recommend?
 *
 * Invariants: the order of evidence does not matter; the same evidence told twice counts once; nothing that evidence
 * claims (status, old value, eligibility) is trusted; secrets and never-listed values leave as `[redacted]`.
 * Does not belong here: whether a recommendation may go live (governance), and reading files (adapters).
 */
export { type Combined, combineEvidence } from './combine.ts';
export type { ConfigPatch, PatchConflict, PatchSource, PatchStatus } from './config-patch.ts';
export { Evidence, MAX_REPORTED_PROBLEMS } from './evidence.ts';
export type { EvidenceChange, HealthObservation, SignalTraits } from './evidence-change.ts';
export { type EvidenceRow, EvidenceTable } from './evidence-table.ts';
export { type Learned, type LearningContext, learn } from './patches.ts';
export { findQuarantineReason } from './quarantine.ts';
export { type RecordSink, readRecord } from './read-record.ts';
