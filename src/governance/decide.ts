import type { Instant } from '../kernel/instant.ts';
import type { Parameter, Scalar } from '../kernel/scalar.ts';
import { allocateBudgets, type BudgetClaim } from './allocate-budgets.ts';
import type { PromotionCandidate } from './candidate.ts';
import { EFFECTS, type Finding, type FindingEffect } from './finding.ts';
import { planValue } from './plan-change.ts';
import { declined, type PlannedChange, RULES, type Rule, type RuleContext } from './rules/index.ts';

/** The outcome of governance for one candidate (seed.md §3.2). */
export const DECISION_STATUSES = [
  'ACCEPTED_FOR_PROPOSAL',
  'PENDING',
  'REJECTED_BY_SANITY_CHECK',
  'REJECTED_BY_POLICY',
] as const;
export type DecisionStatus = (typeof DECISION_STATUSES)[number];

/** `auto`: every guardrail holds. `manual`: humans decide. */
export const LANES = ['auto', 'manual'] as const;
export type Lane = (typeof LANES)[number];

/** What governance decided about one candidate, with every reason. */
export interface PromotionDecision {
  readonly candidate: PromotionCandidate;
  readonly status: DecisionStatus;
  /** Null unless accepted. */
  readonly lane: Lane | null;
  readonly live: Parameter | null;
  /** The value that would become live; `[redacted]` where the patch is. */
  readonly planned: Scalar;
  readonly findings: readonly Finding[];
  /** When a pending decision may change; null when not pending or not known. */
  readonly until: Instant | null;
}

const STATUS: Readonly<Record<FindingEffect, DecisionStatus>> = {
  note: 'ACCEPTED_FOR_PROPOSAL',
  manual_only: 'ACCEPTED_FOR_PROPOSAL',
  pending: 'PENDING',
  reject_sanity: 'REJECTED_BY_SANITY_CHECK',
  reject_policy: 'REJECTED_BY_POLICY',
};

/**
 * Puts every candidate through every rule, what they let pass through the budgets that all share, and then takes out what operators
 * declined. Order in, order out; no candidate can influence another but by its share of a budget, and then the order does not matter.
 */
export function filterCandidatesForLive(
  candidates: readonly PromotionCandidate[],
  context: RuleContext,
  rules: readonly Rule[] = RULES,
): readonly PromotionDecision[] {
  const decisions = candidates.map((candidate) => decide(candidate, context, rules));
  return withoutDeclined(withinBudgets(decisions, context), context);
}

function withinBudgets(
  decisions: readonly PromotionDecision[],
  context: RuleContext,
): readonly PromotionDecision[] {
  const { history } = context;
  if (history === null) return decisions;
  const claims = new Map(decisions.flatMap((decision) => claimOf(decision)));
  const refused = allocateBudgets([...claims.values()], { ...context, history });
  if (refused.size === 0) return decisions;
  return decisions.map((decision) => {
    const claim = claims.get(decision);
    const more = claim === undefined ? undefined : refused.get(claim);
    return more === undefined ? decision : conclude(decision, [...decision.findings, ...more]);
  });
}

/** Last of all: what was declined keeps its place in the budgets, so that a "no" can only remove changes, never let one in. */
function withoutDeclined(
  decisions: readonly PromotionDecision[],
  context: RuleContext,
): readonly PromotionDecision[] {
  if (context.declined.length === 0) return decisions;
  return decisions.map((decision) => {
    const more = runRule(declined, decision, context);
    return more.length === 0 ? decision : conclude(decision, [...decision.findings, ...more]);
  });
}

/** What an accepted change claims of the budgets. */
function claimOf(decision: PromotionDecision): readonly (readonly [PromotionDecision, BudgetClaim])[] {
  const { candidate, lane, live, planned } = decision;
  if (lane === null || live === null) return [];
  const { target, confidence } = candidate.patch;
  return [[decision, { target, confidence, live: live.value, planned }]];
}

function decide(
  candidate: PromotionCandidate,
  context: RuleContext,
  rules: readonly Rule[],
): PromotionDecision {
  const live = context.live.get(candidate.patch.target) ?? null;
  const change: PlannedChange = { candidate, live, planned: planValue(candidate, live, context.policy) };
  const findings: Finding[] = [];
  for (const rule of rules) findings.push(...runRule(rule, change, context));
  return conclude({ candidate, live, planned: change.planned }, findings);
}

/** What findings together mean for a change. */
function conclude(
  { candidate, live, planned }: Pick<PromotionDecision, 'candidate' | 'live' | 'planned'>,
  findings: readonly Finding[],
): PromotionDecision {
  const strongest = strongestEffect(findings);
  const status = STATUS[strongest];
  const lane = status !== 'ACCEPTED_FOR_PROPOSAL' ? null : strongest === 'note' ? 'auto' : 'manual';
  const until = status === 'PENDING' ? latestUntil(findings) : null;
  return { candidate, status, lane, live, planned, findings, until };
}

function latestUntil(findings: readonly Finding[]): Instant | null {
  const untils = findings.flatMap(({ effect, until }) =>
    effect === 'pending' && until !== undefined ? [until] : [],
  );
  return untils.length === 0 ? null : untils.reduce((a, b) => (a > b ? a : b));
}

/** A rule that throws has determined nothing: the candidate waits, and can never be accepted by it. */
function runRule(rule: Rule, change: PlannedChange, context: RuleContext): readonly Finding[] {
  try {
    return rule.check(change, context);
  } catch {
    return [{ code: 'RULE_FAILED', effect: 'pending', observed: rule.name }];
  }
}

function strongestEffect(findings: readonly Finding[]): FindingEffect {
  const rank = findings.reduce((highest, { effect }) => Math.max(highest, EFFECTS.indexOf(effect)), 0);
  return EFFECTS[rank] as FindingEffect;
}
