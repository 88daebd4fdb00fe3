import {
  buildPromotionCandidatesFromPatches,
  filterCandidatesForLive,
  type PlannedChange,
  type PromotionCandidate,
  type PromotionDecision,
  type RuleContext,
  tagsOf,
} from '../../../src/governance/index.ts';
import type { ConfigPatch, PatchSource } from '../../../src/learning/index.ts';
import { at, NOW } from './at.ts';
import { PARAMETERS } from './learning.ts';
import { buildPolicy } from './policy.ts';

/** A patch of leverage that passes every guardrail. */
export function buildPatch(overrides: Partial<ConfigPatch> = {}): ConfigPatch {
  return {
    id: 'patch-000000000000',
    target: 'portfolio.leverage',
    value: 1.25,
    redacted: false,
    type: 'float',
    status: 'APPLIED_OFFLINE',
    claimedOld: [1],
    confidence: 0.9,
    sampleSize: 100,
    conflict: null,
    liveReady: true,
    tags: [],
    evidenceCount: 1,
    evidenceKinds: ['backtest'],
    evidenceRoot: 'ab'.repeat(32),
    unfit: null,
    sources: [buildPatchSource()],
    newest: at('2026-11-21T22:00:00Z'),
    newestExperiment: at('2026-11-21T22:00:00Z'),
    undated: 0,
    ...overrides,
  };
}

/** One piece of evidence behind it. */
export function buildPatchSource(overrides: Partial<PatchSource> = {}): PatchSource {
  const file = 'reports/learning_snippets/a.json';
  return { file, line: 1, sha256: 'cd'.repeat(32), value: 1.25, confidence: 0.9, ...overrides };
}

/** What rules see: an unpublished cycle in bounded_auto with good test health. */
export function buildRuleContext(overrides: Partial<RuleContext> = {}): RuleContext {
  return {
    policy: buildPolicy(),
    mode: 'bounded_auto',
    now: NOW,
    published: false,
    parameters: PARAMETERS,
    live: PARAMETERS,
    offline: new Map(),
    latestHealth: { score: 92.5, time: at('2026-11-22T02:00:00Z'), expiresAt: null },
    history: null,
    declined: [],
    ...overrides,
  };
}

/** A change as rules see it: the patch's own value is planned, unless overridden. */
export function buildPlannedChange(
  patch: Partial<ConfigPatch> = {},
  overrides: Partial<PlannedChange> = {},
): PlannedChange {
  const whole = buildPatch(patch);
  const candidate: PromotionCandidate = {
    patch: whole,
    tags: tagsOf(whole.target, whole.tags, buildPolicy()),
    eligibleForLive: true,
  };
  return { candidate, live: PARAMETERS.get(whole.target) ?? null, planned: whole.value, ...overrides };
}

/** The decision of all rules about one patch. */
export function decidePatch(
  patch: Partial<ConfigPatch> = {},
  context: Partial<RuleContext> = {},
): PromotionDecision {
  const whole = buildRuleContext(context);
  const candidates = buildPromotionCandidatesFromPatches([buildPatch(patch)], whole.policy);
  const [decision] = filterCandidatesForLive(candidates, whole);
  if (decision === undefined) throw new Error('the patch is no candidate');
  return decision;
}
