import { instantFromMs } from '../../../src/kernel/instant.ts';
import type { RuleResult } from '../../../src/review/index.ts';
import { worstOutcome } from '../../../src/review/review-finding.ts';
import { type ChangedValue, conclude, type Verdict } from '../../../src/review/verdict.ts';

/** A value that would change within its bounds. */
export function buildChangedValue(overrides: Partial<ChangedValue> = {}): ChangedValue {
  return {
    target: 'portfolio.leverage',
    before: '1.0',
    after: '1.25',
    bounds: '1 to 2',
    step: '0.25',
    maxStep: '0.25',
    outcome: 'passed',
    ...overrides,
  };
}

/** A verdict on a promotion, concluded from its rules; by default nothing stands against it. */
export function buildVerdict(overrides: Partial<Verdict> = {}): Verdict {
  const rules = overrides.rules ?? [{ rule: 'structure', outcome: 'passed', findings: [] }];
  return {
    conclusion: conclude(rules),
    kind: 'promotion',
    lane: 'manual',
    proposalId: 'live_promotion_20261122T030405Z_0123abcd',
    head: 'a1'.repeat(20),
    base: 'b2'.repeat(20),
    mergeBase: 'b2'.repeat(20),
    policyDigest: 'c3'.repeat(32),
    time: instantFromMs(1_795_316_645_000),
    validUntil: instantFromMs(1_795_320_245_000),
    changes: [buildChangedValue()],
    ...overrides,
    rules,
  };
}

/** What one rule found. */
export function buildRuleResult(rule: string, ...findings: RuleResult['findings']): RuleResult {
  return { rule, outcome: worstOutcome(findings), findings };
}
