/** Rules about what happened before: each on both sides of its boundary. */
import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../../test/support/builders/at.ts';
import { buildPlannedChange, buildRuleContext } from '../../../test/support/builders/candidate.ts';
import { buildPolicy } from '../../../test/support/builders/policy.ts';
import { formatInstant } from '../../kernel/instant.ts';
import type { Scalar } from '../../kernel/scalar.ts';
import type { ConfigPatch } from '../../learning/index.ts';
import { buildHistoryView, type Move } from '../history-view.ts';
import { RULES, type RuleContext } from './index.ts';

const LEVERAGE = 'portfolio.leverage';

function move(time: string, from: Scalar | null, to: Scalar | null, more: Partial<Move> = {}): Move {
  return { target: LEVERAGE, from, to, at: at(time), kind: 'promotion', byOperators: false, ...more };
}

/** What a rule says of leverage from `live` (default 1) to the patch's value (default 1.25): `code effect until`. */
function check(
  rule: string,
  moves: readonly Move[] | null,
  parts: {
    readonly patch?: Partial<ConfigPatch>;
    readonly live?: number;
    readonly planned?: Scalar;
    readonly budgets?: object;
    readonly context?: Partial<RuleContext>;
  } = {},
): readonly string[] {
  const found = RULES.find(({ name }) => name === rule);
  if (found === undefined) throw new Error(`no rule ${rule}`);
  const change = buildPlannedChange(parts.patch, {
    live: { type: 'float', value: parts.live ?? 1 },
    ...(parts.planned === undefined ? {} : { planned: parts.planned }),
  });
  const context = buildRuleContext({
    policy: buildPolicy({ budgets: { ...parts.budgets } }),
    history: moves === null ? null : buildHistoryView(moves),
    ...parts.context,
  });
  return found
    .check(change, context)
    .map(({ code, effect, until }) =>
      [code, effect, ...(until === undefined ? [] : [formatInstant(until)])].join(' '),
    );
}

describe('cooldown', () => {
  test.each([
    ['2026-11-21T03:00:00Z', []],
    ['2026-11-21T03:00:01Z', ['COOLDOWN pending 2026-11-22T03:00:01Z']],
  ])('of 24 hours after a change at %s: %j', (time, findings) => {
    expect(check('cooldown', [move(time, 1.1, 1)])).toEqual(findings);
  });

  test('starts with any change but a rollback, and not with one of another target', () => {
    const young = '2026-11-22T02:00:00Z';
    for (const kind of ['configuration', 'unexplained'] as const)
      expect(check('cooldown', [move(young, 1.1, 1, { kind })])).toHaveLength(1);
    expect(check('cooldown', [move(young, 1.1, 1, { kind: 'rollback' })])).toEqual([]);
    expect(check('cooldown', [move(young, 1.1, 1, { target: 'macro.regime_weight' })])).toEqual([]);
    expect(check('cooldown', [move(young, 1.1, 1)], { budgets: { cooldown_hours: 0 } })).toEqual([]);
    expect(check('cooldown', null)).toEqual([]);
  });
});

describe('drift', () => {
  // Bounds 1 to 2: the default budget is half of the width, 0.5, in 30 days.
  test('within the budget, and one step further', () => {
    const steps = [move('2026-11-01T00:00:00Z', 1, 1.25), move('2026-11-05T00:00:00Z', 1.25, 1.4)];
    expect(check('drift', steps, { live: 1.4, patch: { value: 1.5 } })).toEqual([]);
    expect(check('drift', steps, { live: 1.4, patch: { value: 1.51 } })).toEqual([
      'DRIFT pending 2026-12-01T00:00:00Z',
    ]);
  });

  test('waits until the last value that is too far has left the window', () => {
    const steps = [
      move('2026-11-01T00:00:00Z', 1, 1.2),
      move('2026-11-05T00:00:00Z', 1.2, 1.45),
      move('2026-11-10T00:00:00Z', 1.45, 1.6),
    ];
    expect(check('drift', steps, { live: 1.6, patch: { value: 1.75 } })).toEqual([
      'DRIFT pending 2026-12-05T00:00:00Z',
    ]);
  });

  test('counts the value that was live when the window began, and nothing before', () => {
    const old = move('2026-10-23T02:59:00Z', 1, 1.5);
    expect(check('drift', [old], { live: 1.5, patch: { value: 1.75 } })).toEqual([]);
    const inside = move('2026-10-23T03:01:00Z', 1, 1.5);
    expect(check('drift', [inside], { live: 1.5, patch: { value: 1.75 } })).toEqual([
      'DRIFT pending 2026-11-22T03:01:00Z',
    ]);
  });

  test('a single jump beyond the budget needs people, because no waiting helps', () => {
    expect(check('drift', [], { patch: { value: 1.6 } })).toEqual(['DRIFT manual_only']);
  });

  test('is exact in decimals', () => {
    const patch = { target: 'macro.regime_weight', value: 0.4 };
    const far = move('2026-11-01T00:00:00Z', 0.1, 0.3, { target: 'macro.regime_weight' });
    const third = { budgets: { max_drift_share: 0.375 } };
    expect(check('drift', [far], { live: 0.3, patch, ...third })).toEqual([]);
    expect(
      check('drift', [far], { live: 0.3, patch: { ...patch, value: 0.4000001 }, ...third }),
    ).toHaveLength(1);
  });

  test('says nothing of a target without bounds, and of texts', () => {
    const target = 'portfolio.rebalance';
    expect(
      check('drift', [move('2026-11-01T00:00:00Z', 'a', 'b', { target })], { patch: { target, value: 'c' } }),
    ).toEqual([]);
  });
});

test.each([
  ['2026-10-24T00:00:00Z', 1.25, ['FLAPPING manual_only']],
  ['2026-10-24T00:00:00Z', 1.2, []],
  ['2026-10-22T00:00:00Z', 1.25, []],
])('flapping: 1.25 was left at %s; %d is planned: %j', (time, value, findings) => {
  expect(check('flapping', [move(time, 1.25, 1)], { patch: { value } })).toEqual(findings);
});

describe('hold', () => {
  const rollback = move('2026-10-01T00:00:00Z', 1.25, 1, { kind: 'rollback' });
  const unexplained = move('2026-10-01T00:00:00Z', 1.25, 1, { kind: 'unexplained' });
  const later = '2026-10-05T00:00:00Z';

  test('follows a rollback, and a change that nothing explains', () => {
    expect(check('hold', [rollback])).toEqual(['ON_HOLD manual_only']);
    expect(check('hold', [unexplained])).toEqual(['ON_HOLD manual_only']);
  });

  test('ends with a promotion by operators, with nothing else', () => {
    expect(check('hold', [rollback, move(later, 1, 1.1, { byOperators: true })])).toEqual([]);
    expect(check('hold', [rollback, move(later, 1, 1.1)])).toHaveLength(1);
    expect(check('hold', [rollback, move(later, 1, 1.1, { kind: 'configuration' })])).toHaveLength(1);
    expect(
      check('hold', [move(later, 1, 1.1, { byOperators: true }), { ...rollback, at: NOW }]),
    ).toHaveLength(1);
  });

  test.each([
    ['before the rollback', -1, 1],
    ['with it', 0, 1],
    ['after it', 1, 0],
    ['in the future', 10_000, 1],
  ])('a release %s', (_, hours, count) => {
    const released = new Date(Date.parse(formatInstant(rollback.at)) + hours * 3_600_000).toISOString();
    const policy = buildPolicy({ releases: { [LEVERAGE]: { at: released, reason: 'looked at' } } });
    expect(check('hold', [rollback], { context: { policy } })).toHaveLength(count);
  });

  test('never ends by itself', () => {
    const old = move('2016-10-01T00:00:00Z', 1.25, 1, { kind: 'rollback' });
    expect(check('hold', [old])).toEqual(['ON_HOLD manual_only']);
  });

  test('ends after hold_days, where the policy has them', () => {
    expect(check('hold', [rollback], { budgets: { hold_days: 52 } })).toEqual([]);
    expect(check('hold', [rollback], { budgets: { hold_days: 53 } })).toHaveLength(1);
  });
});

describe('newer-evidence', () => {
  test.each([
    ['2026-11-21T21:59:59Z', []],
    ['2026-11-21T22:00:00Z', ['VALUE_REVERTED pending']],
    ['2026-11-22T00:00:00Z', ['VALUE_REVERTED pending']],
  ])('evidence of 22:00 for a value taken back at %s: %j', (time, findings) => {
    const rollback = move(time, 1.25, 1, { kind: 'rollback' });
    expect(check('newer-evidence', [rollback])).toEqual(findings);
    expect(check('newer-evidence', [rollback], { patch: { value: 1.2 } })).toEqual([]);
  });

  test('a clamped step is taken once; a further one needs evidence from after the last', () => {
    const wanted = { patch: { value: 2, claimedOld: [1.25] }, planned: 1.5, live: 1.25 };
    const unproven = ['STEP_UNPROVEN manual_only'];
    expect(check('newer-evidence', null, { ...wanted, planned: 1.25, live: 1 })).toEqual([]);
    expect(check('newer-evidence', null, wanted)).toEqual(unproven);
    expect(check('newer-evidence', [move('2026-11-21T21:00:00Z', 1, 1.25)], wanted)).toEqual([]);
    expect(check('newer-evidence', [move('2026-11-21T22:00:00Z', 1, 1.25)], wanted)).toEqual(unproven);
    expect(check('newer-evidence', [], wanted)).toEqual([]);
    expect(
      check('newer-evidence', [], { ...wanted, patch: { ...wanted.patch, newestExperiment: null } }),
    ).toEqual(unproven);
  });
});

describe('freeze', () => {
  const frozen = (freeze: object[], now = NOW) =>
    check('freeze', null, { budgets: { freeze }, context: { now } });

  test('holds from its beginning to before its end', () => {
    const window = { from: '2026-11-22T03:00:00Z', until: '2026-11-25' };
    expect(frozen([window])).toEqual(['FROZEN pending 2026-11-25T00:00:00Z']);
    expect(frozen([window], at('2026-11-22T02:59:59Z'))).toEqual([]);
    expect(frozen([window], at('2026-11-25T00:00:00Z'))).toEqual([]);
  });

  test('on whole days of the week, and on windows that touch', () => {
    // 2026-11-22 is a Sunday.
    expect(frozen([{ weekdays: ['sunday'] }])).toEqual(['FROZEN pending 2026-11-23T00:00:00Z']);
    expect(frozen([{ weekdays: ['saturday', 'monday'] }])).toEqual([]);
    expect(frozen([{ weekdays: ['sunday'] }, { from: '2026-11-23', until: '2026-11-24' }])).toEqual([
      'FROZEN pending 2026-11-24T00:00:00Z',
    ]);
  });

  test('for ever has no end', () => {
    const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    expect(frozen([{ weekdays }])).toEqual(['FROZEN pending']);
  });
});
