/**
 * System 2: what of System 1's recommendations may be proposed, in which lane, and how is it shown?
 *
 * Invariants: nothing that evidence claims can open anything; what is not listed, not bounded or not determined stays
 * closed; every artifact is a pure function of its inputs. Does not belong here: reading files, Git, and judging somebody
 * else's pull request (review).
 */
export { AUTO_TOML_HEADER, applyProposalsToLiveOverrides, promotableTargets } from './apply.ts';
export { type PatchRecord, ProposalMeta } from './artifact-schema.ts';
export {
  formatPatchesArtifact,
  formatRollbackRecord,
  parsePatchesArtifact,
  parseProposalCore,
  parseProposalMeta,
  parseRollbackRecord,
  toPatchRecords,
  toProposalMeta,
} from './artifacts.ts';
export { boundsOf } from './bounds-of.ts';
export {
  buildPromotionCandidatesFromPatches,
  isNeverTarget,
  type PromotionCandidate,
} from './candidate.ts';
export { type Change, DERIVATION_VERSION } from './change-set.ts';
export { type ChecklistTask, formatTasks, parseTasks, tasksOf } from './checklist-tasks.ts';

export {
  filterCandidatesForLive,
  LANES,
  type Lane,
  type PromotionDecision,
} from './decide.ts';
export { type DeclinedChange, declineEnds, isDeclined } from './declined.ts';
export {
  type Derivation,
  type DerivationInputs,
  derive,
  deriveLearning,
  type LearningDerivation,
} from './derive.ts';
export { describeFinding, type Finding } from './finding.ts';
export { formatProposalFolder } from './folder.ts';
export { formatConfidence } from './format-confidence.ts';
export {
  buildHistoryView,
  type HistoryView,
  historyStart,
  type Move,
} from './history-view.ts';
export { type EffectiveMode, resolveMode } from './mode.ts';
export { locatePolicyKey, parsePolicy } from './policy.ts';
export { editPolicy, modeOf, type PolicyAction, type PolicyEdit } from './policy-edit.ts';
export { type PolicyKey, policyKeyOf } from './policy-key.ts';
export { AutoApplyBounds, AutoApplyPolicy, MODES, type Mode } from './policy-schema.ts';
export {
  buildPromotionProposals,
  type InputDigests,
  type PromotionProposal,
} from './proposal.ts';

export type { RollbackRecord } from './rollback-schema.ts';
export { hardLimitsOf, nextFreeze, type PlannedChange, RULES, type RuleContext } from './rules/index.ts';
export { tagsOf } from './tags.ts';
export { locateTomlKeys } from './toml-location.ts';
