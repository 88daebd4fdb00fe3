import type { FindingCode } from './finding.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';
import { tagsOf } from './tags.ts';

/** A key of the policy, from the outermost table inwards. */
export type PolicyKey = readonly string[];

const KEYS: Partial<Record<FindingCode, PolicyKey>> = {
  KILLSWITCH: ['promotion', 'mode'],
  TARGET_NOT_LISTED: ['eligibility', 'targets'],
  CONFIDENCE_TOO_LOW: ['eligibility', 'min_confidence'],
  CONFIDENCE_MISSING: ['eligibility', 'min_confidence'],
  NEVER_TARGET: ['never', 'targets'],
  NEVER_TAG: ['never', 'tags'],
  EVIDENCE_OLD: ['evidence', 'auto_max_age_days'],
  NO_BOUNDS: ['bounds'],
  CONFIDENCE_NOT_AUTO: ['auto', 'min_confidence'],
  TEST_HEALTH_OLD: ['auto', 'max_test_health_age_hours'],
  TEST_HEALTH_LOW: ['auto', 'min_test_health'],
  HELD: ['holds'],
  HISTORY_UNDETERMINED: ['budgets'],
  ON_HOLD: ['budgets', 'hold_days'],
  FLAPPING: ['budgets', 'window_days'],
  COOLDOWN: ['budgets', 'cooldown_hours'],
  DRIFT: ['budgets', 'max_drift_share'],
  FROZEN: ['budgets', 'freeze'],
  DAY_BUDGET_SPENT: ['budgets', 'promotions_per_day'],
  WEEK_BUDGET_SPENT: ['budgets', 'promotions_per_week'],
  GROUP_BUDGET_SPENT: ['budgets', 'max_group_share'],
};

/** The key of the policy that makes a finding what it is, or null where the policy has no say. */
export function policyKeyOf(code: FindingCode, target: string, policy: AutoApplyPolicy): PolicyKey | null {
  if (code === 'MODE_NOT_AUTO')
    return ['promotion', policy.promotion.mode === 'bounded_auto' ? 'lock' : 'mode'];
  if (code !== 'OUT_OF_BOUNDS' && code !== 'STEP_EXCEEDED') return KEYS[code] ?? null;
  const name = [target, ...tagsOf(target, [], policy)].find((candidate) =>
    Object.hasOwn(policy.bounds, candidate),
  );
  return name === undefined ? ['bounds'] : ['bounds', name];
}
