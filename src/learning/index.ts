/**
 * System 1: what does the evidence recommend?
 *
 * Invariants: the order of evidence does not matter; the same evidence told twice counts once; nothing that evidence
 * claims (status, old value, eligibility) is trusted; secrets and never-listed values leave as `[redacted]`.
 * Does not belong here: whether a recommendation may go live (governance), and reading files (adapters).
 */

export type { ConfigPatch, PatchSource } from './config-patch.ts';
export { Evidence, MAX_DOCUMENT_BYTES } from './evidence.ts';
export type { HealthObservation } from './evidence-change.ts';
export type { EvidenceRow } from './evidence-table.ts';
export { type LearningContext, learn } from './patches.ts';
export { findQuarantineReason } from './quarantine.ts';
