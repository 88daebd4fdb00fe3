/**
 * System 2: what of System 1's recommendations may be proposed, in which lane, and how is it shown?
 *
 * Invariants: nothing that evidence claims can open anything; what is not listed, not bounded or not determined stays
 * closed; every artifact is a pure function of its inputs. Does not belong here: reading files, Git, and judging somebody
 * else's pull request (review).
 */
export { AUTO_TOML_HEADER, applyProposalsToLiveOverrides, promotableTargets } from './apply.ts';
export { PatchesArtifact, type PatchRecord, ProposalMeta } from './artifact-schema.ts';
export {
  countByStatus,
  formatPatchesArtifact,
  formatProposalMeta,
  parsePatchesArtifact,
  parseProposalMeta,
  toPatchesArtifact,
  toProposalMeta,
} from './artifacts.ts';
export { boundsOf } from './bounds-of.ts';
export {
  buildPromotionCandidatesFromPatches,
  isEligible,
  isListed,
  isNeverTarget,
  type PromotionCandidate,
} from './candidate.ts';
export { type Change, changeSetDigest, changesOf, DERIVATION_VERSION } from './change-set.ts';
export { formatChecklist } from './checklist.ts';
export { type ChecklistTask, formatTasks, parseTasks, tasksOf } from './checklist-tasks.ts';
export {
  DECISION_STATUSES,
  type DecisionStatus,
  filterCandidatesForLive,
  LANES,
  type Lane,
  type PromotionDecision,
} from './decide.ts';
export {
  type Derivation,
  type DerivationInputs,
  derive,
  deriveLearning,
  type LearningDerivation,
  type LearningInputs,
} from './derive.ts';
export { describeFinding, EFFECTS, type Finding, type FindingCode, type FindingEffect } from './finding.ts';
export { formatProposalFolder } from './folder.ts';
export { formatConfidence } from './format-confidence.ts';
export { type EffectiveMode, resolveMode } from './mode.ts';
export { locatePolicyKey, parsePolicy } from './policy.ts';
export { type PolicyKey, policyKeyOf } from './policy-key.ts';
export { AutoApplyBounds, AutoApplyPolicy, MODES, type Mode } from './policy-schema.ts';
export {
  buildPromotionProposals,
  type CycleFacts,
  type InputDigests,
  type PromotionProposal,
} from './proposal.ts';
export { limitsOf } from './rules/hard-limits.ts';
export { type PlannedChange, RULES, type Rule, type RuleContext } from './rules/index.ts';
export { tagsOf } from './tags.ts';
