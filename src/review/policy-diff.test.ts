import { describe, expect, test } from 'vitest';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import type { AutoApplyPolicy } from '../governance/index.ts';
import { diffPolicies, overallDirection } from './policy-diff.ts';

type Overrides = Parameters<typeof buildPolicy>[0];

/** Each key of the policy: a looser and a stricter value than the other, or two that differ where no direction is safe. */
const CASES: readonly (readonly [key: string, looser: Overrides, stricter: Overrides])[] = [
  ['promotion.mode', { promotion: { mode: 'bounded_auto' } }, { promotion: { mode: 'manual_only' } }],
  ['promotion.mode', { promotion: { mode: 'manual_only' } }, { promotion: { mode: 'disabled' } }],
  [
    'promotion.lock',
    { promotion: { mode: 'bounded_auto', lock: false } },
    { promotion: { mode: 'bounded_auto', lock: true } },
  ],
  [
    'eligibility.targets',
    { eligibility: { targets: ['a.b', 'c.d'] } },
    { eligibility: { targets: ['a.b'] } },
  ],
  [
    'eligibility.min_confidence',
    { eligibility: { min_confidence: 0.7 } },
    { eligibility: { min_confidence: 0.8 } },
  ],
  ['holds.a.b', {}, { holds: { 'a.b': { reason: 'x' } } }],
  [
    'holds.a.b',
    { holds: { 'a.b': { reason: 'x', until: '2026-12-01T00:00:00Z' } } },
    { holds: { 'a.b': { reason: 'x' } } },
  ],
  [
    'holds.a.b',
    { holds: { 'a.b': { reason: 'x', until: '2026-12-01T00:00:00Z' } } },
    { holds: { 'a.b': { reason: 'y', until: '2026-12-02T00:00:00Z' } } },
  ],
  ['releases.a.b', { releases: { 'a.b': { at: '2026-11-22T00:00:00Z', reason: 'x' } } }, {}],
  ['never.targets', { never: { targets: [] } }, { never: { targets: ['a.b'] } }],
  ['never.tags', { never: { tags: [] } }, { never: { tags: ['x'] } }],
  [
    'bounds.leverage',
    { bounds: { leverage: bounds({ max: 2 }) } },
    { bounds: { leverage: bounds({ max: 1.5 }) } },
  ],
  [
    'bounds.leverage',
    { bounds: { leverage: bounds({ min: 1 }) } },
    { bounds: { leverage: bounds({ min: 1.1 }) } },
  ],
  [
    'bounds.leverage',
    { bounds: { leverage: bounds({ max_step: 0.5 }) } },
    { bounds: { leverage: bounds({ max_step: 0.25 }) } },
  ],
  ['hard_limits.leverage', { hard_limits: {} }, { hard_limits: { leverage: { max: 2.5 } } }],
  [
    'hard_limits.leverage',
    { hard_limits: { leverage: { max: 2.5 } } },
    { hard_limits: { leverage: { min: 1, max: 2 } } },
  ],
  ['auto.min_confidence', { auto: { min_confidence: 0.8 } }, { auto: { min_confidence: 0.9 } }],
  [
    'auto.on_step_exceeded',
    { auto: { on_step_exceeded: 'clamp' } },
    { auto: { on_step_exceeded: 'manual' } },
  ],
  ['auto.min_test_health', { auto: { min_test_health: 70 } }, { auto: { min_test_health: 80 } }],
  [
    'auto.max_test_health_age_hours',
    { auto: { max_test_health_age_hours: 72 } },
    { auto: { max_test_health_age_hours: 48 } },
  ],
  ['evidence.max_age_days', { evidence: { max_age_days: 60 } }, { evidence: { max_age_days: 30 } }],
  [
    'evidence.auto_max_age_days',
    { evidence: { auto_max_age_days: 8 } },
    { evidence: { auto_max_age_days: 7 } },
  ],
  [
    'budgets.promotions_per_day',
    { budgets: { promotions_per_day: 4 } },
    { budgets: { promotions_per_day: 3 } },
  ],
  [
    'budgets.promotions_per_week',
    { budgets: { promotions_per_week: 11 } },
    { budgets: { promotions_per_week: 10 } },
  ],
  ['budgets.cooldown_hours', { budgets: { cooldown_hours: 12 } }, { budgets: { cooldown_hours: 24 } }],
  ['budgets.window_days', { budgets: { window_days: 10 } }, { budgets: { window_days: 30 } }],
  ['budgets.max_drift_share', { budgets: { max_drift_share: 0.6 } }, { budgets: { max_drift_share: 0.5 } }],
  ['budgets.max_group_share', { budgets: { max_group_share: 2 } }, { budgets: { max_group_share: 1 } }],
  ['budgets.hold_days', { budgets: { hold_days: 30 } }, { budgets: { hold_days: 90 } }],
  ['budgets.hold_days', { budgets: { hold_days: 30 } }, { budgets: {} }],
  ['budgets.freeze', { budgets: { freeze: [] } }, { budgets: { freeze: [{ weekdays: ['sunday'] }] } }],
  ['machinery.paths', { machinery: { paths: [] } }, { machinery: { paths: ['src/**'] } }],
];

/** Loosening whichever way. */
const EITHER_WAY: readonly (readonly [key: string, one: Overrides, other: Overrides])[] = [
  ['tags.desk', { tags: {} }, { tags: { desk: ['a.b'] } }],
  ['bounds.risk', { bounds: {} }, { bounds: { risk: bounds({}) } }],
  [
    'bounds.leverage',
    { bounds: { leverage: bounds({}) } },
    { bounds: { leverage: bounds({ riskier: 'lower' }) } },
  ],
  [
    'bounds.leverage',
    { bounds: { leverage: bounds({}) } },
    { bounds: { leverage: bounds({ min: 0.5, max: 1.5 }) } },
  ],
  ['evidence.half_life_days', { evidence: { half_life_days: 7 } }, { evidence: { half_life_days: 8 } }],
  ['approvals.operators', { approvals: { operators: ['a'] } }, { approvals: { operators: ['a', 'b'] } }],
  ['approvals.manual', { approvals: { manual: 1 } }, { approvals: { manual: 2 } }],
  ['approvals.evidence', { approvals: { evidence: 1 } }, { approvals: { evidence: 2 } }],
  [
    'approvals.policy_loosening',
    { approvals: { policy_loosening: 2 } },
    { approvals: { policy_loosening: 3 } },
  ],
  [
    'approvals.policy_tightening',
    { approvals: { policy_tightening: 0 } },
    { approvals: { policy_tightening: 1 } },
  ],
  ['approvals.rollback', { approvals: { rollback: 0 } }, { approvals: { rollback: 1 } }],
  ['config.layers', { config: { layers: ['config/a.toml'] } }, { config: { layers: [] } }],
  ['judge.branches', { judge: { branches: [] } }, { judge: { branches: ['staging'] } }],
];

function bounds(overrides: Partial<AutoApplyPolicy['bounds'][string]>): AutoApplyPolicy['bounds'][string] {
  return { min: 1, max: 2, max_step: 0.25, riskier: 'higher', ...overrides };
}

const directions = (before: Overrides, after: Overrides) =>
  diffPolicies(buildPolicy(before), buildPolicy(after)).map(({ key, direction }) => [key, direction]);

describe('diffPolicies', () => {
  test.each(CASES)('%s has a direction', (key, looser, stricter) => {
    expect(directions(stricter, looser)).toEqual([[key, 'looser']]);
    expect(directions(looser, stricter)).toEqual([[key, 'stricter']]);
  });

  test.each(EITHER_WAY)('%s is loosening either way', (key, one, other) => {
    const changes = [...directions(one, other), ...directions(other, one)].filter(([name]) => name === key);
    expect(changes).toEqual([
      [key, 'looser'],
      [key, 'looser'],
    ]);
  });

  test('knows every key of the schema', () => {
    const policy = buildPolicy();
    const listed = new Set([...CASES, ...EITHER_WAY].map(([key]) => key.split('.').slice(0, 2).join('.')));
    const open = new Set(['tags', 'bounds', 'hard_limits']);
    for (const [section, table] of Object.entries(policy)) {
      const keys = open.has(section) ? [] : Object.keys(table).map((key) => `${section}.${key}`);
      for (const key of keys) expect(listed).toContain(key);
      expect([...listed].some((key) => key.startsWith(`${section}.`))).toBe(true);
    }
  });

  test('a list with one entry more and one less is looser', () => {
    const change = directions({ never: { targets: ['a.b', 'c.d'] } }, { never: { targets: ['a.b', 'e.f'] } });
    expect(change).toEqual([['never.targets', 'looser']]);
  });

  test('answers nothing for the same policy', () => {
    expect(diffPolicies(buildPolicy(), buildPolicy())).toEqual([]);
  });
});

describe('overallDirection', () => {
  test('takes mixed for loosening, and no change for none', () => {
    const mixed = diffPolicies(
      buildPolicy({ auto: { min_confidence: 0.8, min_test_health: 80 } }),
      buildPolicy({ auto: { min_confidence: 0.9, min_test_health: 70 } }),
    );
    expect(overallDirection(mixed)).toBe('looser');
    expect(overallDirection(mixed.filter(({ direction }) => direction === 'stricter'))).toBe('stricter');
    expect(overallDirection([])).toBeNull();
  });
});
