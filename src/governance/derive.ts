import type { Instant } from '../kernel/instant.ts';
import type { Parameter, Scalar } from '../kernel/scalar.ts';
import { type ConfigPatch, type Evidence, learn } from '../learning/index.ts';
import {
  emptyOverrideFile,
  hardLimitOf,
  isNeverOverridable,
  keepsRange,
  type OverrideFile,
} from '../liveconfig/index.ts';
import { applyProposalsToLiveOverrides, promotableTargets } from './apply.ts';
import { buildPromotionCandidatesFromPatches, isNeverTarget } from './candidate.ts';
import { filterCandidatesForLive, type Lane, type PromotionDecision } from './decide.ts';
import type { DeclinedChange } from './declined.ts';
import type { HistoryView } from './history-view.ts';
import type { AutoApplyPolicy, Mode } from './policy-schema.ts';
import { buildPromotionProposals, type InputDigests, type PromotionProposal } from './proposal.ts';

/** Everything that System 1 depends on. */
export interface LearningInputs {
  readonly policy: AutoApplyPolicy;
  readonly clock: Instant;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly live: ReadonlyMap<string, Parameter>;
  readonly learningOverride: OverrideFile | null;
  readonly evidence: Evidence;
}

/** Everything that both loops depend on. Nothing else does (product.md §2): equal inputs, equal bytes. */
export interface DerivationInputs extends LearningInputs {
  readonly effectiveMode: Mode;
  readonly requestedMode: Mode | null;
  readonly baseCommit: string | null;
  readonly published: boolean;
  readonly autoToml: OverrideFile | null;
  /** That of the base commit; null where it is not known, which closes the auto lane of published cycles. */
  readonly history: HistoryView | null;
  /** Default: none. Can only keep changes out. */
  readonly declined?: readonly DeclinedChange[] | undefined;
  /** Asked for once, and only when something is proposed. */
  readonly digests: () => InputDigests;
}

/** What both loops yield. */
export interface Derivation {
  readonly patches: readonly ConfigPatch[];
  readonly decisions: readonly PromotionDecision[];
  readonly proposals: readonly PromotionProposal[];
  readonly learningOverride: OverrideFile;
  /** `auto.toml` as merging the proposal of a lane would leave it. */
  readonly autoTomlAfter: (lane: Lane) => OverrideFile;
}

const LEARNING_HEADER: readonly string[] = [
  '# What System 1 (the learning loop) recommends, for offline and research runs. Derived by "peak learn": do not edit.',
  '# No live-like session loads this file; what goes live is config/live_overrides/auto.toml.',
];

/** System 1's answer: patches, and the override file for offline runs. */
export interface LearningDerivation {
  readonly patches: readonly ConfigPatch[];
  readonly learningOverride: OverrideFile;
}

/** System 1 for given inputs. Pure. */
export function deriveLearning(inputs: LearningInputs): LearningDerivation {
  const { policy, clock, parameters, live, learningOverride } = inputs;
  const isHidden = (target: string) => isNeverTarget(target, policy);
  const { patches, overrides } = learn(inputs.evidence.table, {
    now: clock,
    maxAgeDays: policy.evidence.max_age_days,
    halfLifeDays: policy.evidence.half_life_days,
    parameters,
    live,
    previous: learningOverride?.overrides ?? new Map(),
    isHidden,
    isAllowed: (target, value) => keepsCompiledLimits(target, value),
  });
  const slots = new Set([...parameters.keys()].filter((target) => !isHidden(target)));
  return {
    patches,
    learningOverride: { ...emptyOverrideFile('overrides', LEARNING_HEADER), slots, overrides },
  };
}

function keepsCompiledLimits(target: string, value: Scalar): boolean {
  const limit = hardLimitOf(target);
  return !isNeverOverridable(target) && (limit === null || keepsRange(value, limit));
}

/** Both loops: evidence → patches → candidates → decisions → proposals. Pure. */
export function derive(inputs: DerivationInputs): Derivation {
  const { policy, clock, parameters, live, autoToml } = inputs;
  const learned = deriveLearning(inputs);
  const candidates = buildPromotionCandidatesFromPatches(learned.patches, policy);
  const decisions = filterCandidatesForLive(candidates, {
    policy,
    mode: inputs.effectiveMode,
    now: clock,
    published: inputs.published,
    parameters,
    live,
    offline: offlineValues(inputs.learningOverride),
    latestHealth: inputs.evidence.latestHealth,
    history: inputs.history,
    declined: inputs.declined ?? [],
  });
  const proposals = buildPromotionProposals(decisions, learned.patches, {
    baseCommit: inputs.baseCommit,
    clock,
    requestedMode: inputs.requestedMode,
    effectiveMode: inputs.effectiveMode,
    published: inputs.published,
    inputs: inputs.digests(),
    declined: inputs.declined ?? [],
  });
  const slots = promotableTargets(parameters, policy);
  return {
    patches: learned.patches,
    decisions,
    proposals,
    learningOverride: learned.learningOverride,
    autoTomlAfter: (lane) =>
      applyProposalsToLiveOverrides(
        proposals.filter((proposal) => proposal.lane === lane),
        autoToml,
        slots,
      ),
  };
}

function offlineValues(file: OverrideFile | null): ReadonlyMap<string, Scalar> {
  return new Map([...(file?.overrides ?? [])].map(([target, { value }]) => [target, value]));
}
