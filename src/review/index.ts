/**
 * May a change be merged into its base now, and what does a pull request of the bot's say?
 *
 * Invariants: pure; what a head or a body says of itself is never believed, only compared with what is derived again; every reason is
 * found at once; what could not be found out never counts as yes; titles, bodies, labels and the state block are built and parsed
 * here and nowhere else. Does not belong here: reading git, calling GitHub (adapters), running the loops (given as `Loops`).
 */
export { listCountedApprovers } from './approvals.ts';
export { parseAuditAck } from './audit-ack.ts';
export { auditEvents } from './audit-events.ts';
export { buildAuditIssue } from './audit-issue.ts';
export { auditLive } from './audit-live.ts';
export { auditRecords } from './audit-records.ts';
export { auditVerdicts } from './audit-verdicts.ts';
export { type AuditedCommit, deviate, type StoredNote } from './audited-commit.ts';
export { type BranchCommit, findForeignCommit, GITHUB_ITSELF } from './authorship.ts';
export { type Authorship, isBotOwn, isByPublisher } from './bot-own.ts';
export { EVIDENCE_BRANCH, LANE_BRANCHES, OUR_BRANCHES } from './branches.ts';
export type { CheckAnnotation } from './check/annotations.ts';
export { buildCheckRun, type CheckRun } from './check/check-run.ts';
export type { ChangeKind } from './classify.ts';
export {
  type AskingComment,
  formatAskedBy,
  formatAskingComment,
  parseAskedBy,
  parseAskingComment,
} from './commands/asked-by.ts';
export { buttonCommand, type Command, parseCommand } from './commands/command.ts';
export { canBeDeclined, formatDeclineRecord, parseDeclineRecord } from './commands/decline-record.ts';
export { buildExplanation } from './commands/explanation.ts';
export { formatHoldRecord, type HoldWord, parseHoldRecord } from './commands/hold-record.ts';
export { parseMarker } from './commands/marker.ts';
export { buildReply, type CommandOutcome } from './commands/reply.ts';
export { type Deviation, describeDeviation } from './deviation.ts';
export { digestEffect } from './effect-digest.ts';
export { buildEvidenceText } from './evidence-text.ts';
export { isEvidenceTrusted } from './evidence-trust.ts';

export { describeReviewFinding } from './finding-words.ts';
export { findChangeKind, judge } from './judge.ts';
export { judgeMerged } from './judge-merged.ts';
export { parseLabels } from './labels.ts';
export { MAX_EVIDENCE_BYTES, MAX_EVIDENCE_FILE_BYTES } from './limits.ts';
export type { Loops, RebuildRequest, Rebuilt } from './loops.ts';
export { buildMergeMessage } from './merge-message.ts';
export type { People, Person, Review } from './people.ts';
export { buildPromotionText, parseTitle } from './promotion-text.ts';
export { listProposedChanges } from './proposed-changes.ts';
export {
  type BranchRules,
  findProtectionGaps,
  GOVERNANCE_CHECK,
  isProtected,
  type ProtectionGap,
  pinnedCheck,
} from './protection.ts';
export { buildClosingBody, type PullText } from './pull-text.ts';
export { readTicks } from './read-ticks.ts';
export { type RecordedDecline, recordDecline } from './record-decline.ts';
export type { Outcome, ReviewFinding, RuleResult } from './review-finding.ts';
export type { MergedFile, ReviewHistory, StandingPromotion } from './review-history.ts';
export type { PathChange, Side, Snapshot, StoredFile, Texts } from './snapshot.ts';
export { parseState } from './state-block.ts';
export type { ClosingReason, PullDecline } from './state-schema.ts';
export { stopPromotion } from './stop-promotion.ts';
export { buildUnjudged, type UnjudgedReason } from './unjudged.ts';
export type { Conclusion, Verdict } from './verdict.ts';
export {
  buildVerdictRecord,
  formatVerdictRecord,
  MAX_RECORD_BYTES,
  type MergeFacts,
  parseVerdictRecord,
} from './verdict-record.ts';
export type { VerdictRecord } from './verdict-record-schema.ts';
export {
  CONCLUSION_WORDS,
  describeClass,
  describeStep,
  isMild,
  OUTCOME_WORDS,
} from './verdict-words.ts';
export type { WebPlace } from './web-place.ts';
