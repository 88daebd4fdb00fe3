import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../test/support/builders/at.ts';
import { buildPatch, buildRuleContext } from '../../test/support/builders/candidate.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { DAY_MS, formatInstant, instantFromMs } from '../kernel/instant.ts';
import { allocateBudgets, type BudgetClaim } from './allocate-budgets.ts';
import { buildPromotionCandidatesFromPatches } from './candidate.ts';
import { filterCandidatesForLive } from './decide.ts';
import { buildHistoryView, type Move } from './history-view.ts';

const claim = (target: string, confidence = 0.9, live = 1, planned = 1.1): BudgetClaim => ({
  target,
  confidence,
  live,
  planned,
});

const move = (target: string, time: string, more: Partial<Move> = {}): Move => ({
  target,
  from: 1,
  to: 1.1,
  at: at(time),
  kind: 'promotion',
  byOperators: false,
  ...more,
});

/** `target code effect until` of every claim that gets nothing. */
function refused(
  claims: readonly BudgetClaim[],
  moves: readonly Move[] = [],
  budgets: object = {},
): readonly string[] {
  const context = { policy: buildPolicy({ budgets }), now: NOW, history: buildHistoryView(moves) };
  return [...allocateBudgets(claims, context)].flatMap(([{ target }, findings]) =>
    findings.map(({ code, effect, until }) =>
      [target, code, effect, ...(until === undefined ? [] : [formatInstant(until)])].join(' '),
    ),
  );
}

describe('allocateBudgets: changed targets', () => {
  test('go to the most confident, then by target; the rest waits for the next UTC day', () => {
    const claims = [claim('d', 0.8), claim('b', 0.9), claim('c', 0.8), claim('a', 0.7)];
    expect(refused(claims)).toEqual(['a DAY_BUDGET_SPENT pending 2026-11-23T00:00:00Z']);
    expect(refused([...claims, claim('e', 0.8)])).toEqual([
      'e DAY_BUDGET_SPENT pending 2026-11-23T00:00:00Z',
      'a DAY_BUDGET_SPENT pending 2026-11-23T00:00:00Z',
    ]);
  });

  test('count by UTC day, whatever the lane, and also where nothing explains them; rollbacks and base edits are free', () => {
    const today = '2026-11-22T00:00:00Z';
    const three = (more: Partial<Move>) => ['x', 'y', 'z'].map((target) => move(target, today, more));
    expect(refused([claim('a')], three({ byOperators: true }))).toHaveLength(1);
    expect(refused([claim('a')], three({ kind: 'unexplained' }))).toHaveLength(1);
    expect(refused([claim('a')], three({ kind: 'rollback' }))).toEqual([]);
    expect(refused([claim('a')], three({ kind: 'configuration' }))).toEqual([]);
    const yesterday = ['x', 'y', 'z'].map((target) => move(target, '2026-11-21T23:59:59Z'));
    expect(refused([claim('a')], yesterday)).toEqual([]);
  });

  test('wait within a week for the first day on which enough have left it', () => {
    const moves = ['2026-11-16', '2026-11-18', '2026-11-18'].map((day) => move('x', day));
    expect(refused([claim('a')], moves, { promotions_per_week: 3 })).toEqual([
      'a WEEK_BUDGET_SPENT pending 2026-11-23T00:00:00Z',
    ]);
    expect(refused([claim('a')], moves, { promotions_per_week: 1 })).toEqual([
      'a WEEK_BUDGET_SPENT pending 2026-11-25T00:00:00Z',
    ]);
    expect(refused([claim('a')], [move('x', '2026-11-15T23:59:59Z')], { promotions_per_week: 1 })).toEqual(
      [],
    );
  });

  test('of a budget of nothing wait without an end', () => {
    expect(refused([claim('a')], [], { promotions_per_day: 0 })).toEqual(['a DAY_BUDGET_SPENT pending']);
  });
});

describe('allocateBudgets: groups', () => {
  const leverage = (name: string, planned: number, confidence = 0.9) =>
    claim(`${name}.leverage`, confidence, 1, planned);

  test('share the width of their bounds, in exact decimals', () => {
    // Bounds 1 to 2, a width of 1.
    expect(refused([leverage('a', 1.5), leverage('b', 1.5, 0.8)])).toEqual([]);
    expect(refused([leverage('a', 1.5), leverage('b', 1.51, 0.8)])).toEqual([
      'b.leverage GROUP_BUDGET_SPENT pending 2026-12-22T03:00:00Z',
    ]);
    // Three times a third of 12 is all of it, and no more.
    const delays = ['a', 'b', 'c'].map((name) => claim(`${name}.trigger`, 0.9, 4, 8));
    expect(refused(delays)).toEqual([]);
    expect(refused([...delays.slice(1), claim('a.trigger', 0.9, 4, 8.01)])).toHaveLength(1);
  });

  test('count all lanes and base edits within the window, and not rollbacks', () => {
    const past = (time: string, more: Partial<Move> = {}) => move('x.leverage', time, { to: 1.8, ...more });
    const waits = ['a.leverage GROUP_BUDGET_SPENT pending 2026-12-10T00:00:00Z'];
    expect(refused([leverage('a', 1.25)], [past('2026-11-10T00:00:00Z')])).toEqual(waits);
    expect(refused([leverage('a', 1.25)], [past('2026-11-10T00:00:00Z', { kind: 'configuration' })])).toEqual(
      waits,
    );
    expect(refused([leverage('a', 1.25)], [past('2026-11-10T00:00:00Z', { kind: 'rollback' })])).toEqual([]);
    expect(refused([leverage('a', 1.25)], [past('2026-10-20T00:00:00Z')])).toEqual([]);
  });

  test('a change beyond the budget by itself needs people', () => {
    expect(refused([leverage('a', 1.6)], [], { max_group_share: 0.5 })).toEqual([
      'a.leverage GROUP_BUDGET_SPENT manual_only',
    ]);
  });
});

test('filterCandidatesForLive gives each candidate the same decision in any order', () => {
  const patch = fc.record({
    target: fc.constantFrom(
      'portfolio.leverage',
      'strategy.trigger_delay',
      'macro.regime_weight',
      'portfolio.max_positions',
      'portfolio.rebalance',
    ),
    confidence: fc.constantFrom(0.8, 0.85, 0.9),
  });
  const moves = fc.array(
    fc.record({
      target: fc.constantFrom('portfolio.leverage', 'x.macro'),
      days: fc.integer({ min: 0, max: 8 }),
    }),
    { maxLength: 4 },
  );
  const values: Readonly<Record<string, number | string>> = {
    'strategy.trigger_delay': 11,
    'macro.regime_weight': 0.4,
    'portfolio.max_positions': 6,
    'portfolio.rebalance': 'weekly',
  };
  fc.assert(
    fc.property(
      fc.uniqueArray(patch, { selector: ({ target }) => target }),
      moves,
      fc.integer(),
      (patches, past, turn) => {
        const history = buildHistoryView(
          past
            .map(({ target, days }) => ({
              ...move(target, '2026-11-22'),
              at: instantFromMs(NOW - days * DAY_MS),
            }))
            .sort((a, b) => a.at - b.at),
        );
        const context = buildRuleContext({
          history,
          policy: buildPolicy({ budgets: { promotions_per_day: 2, cooldown_hours: 0 } }),
        });
        const whole = patches.map((part) =>
          buildPatch({ ...part, claimedOld: [], value: values[part.target] ?? 1.25 }),
        );
        const at = whole.length === 0 ? 0 : Math.abs(turn) % whole.length;
        const decide = (order: typeof whole) =>
          filterCandidatesForLive(buildPromotionCandidatesFromPatches(order, context.policy), context)
            .map(({ candidate, ...rest }) => JSON.stringify([candidate.patch.target, rest]))
            .sort();
        expect(decide([...whole.slice(at), ...whole.slice(0, at)].reverse())).toEqual(decide(whole));
      },
    ),
  );
});
