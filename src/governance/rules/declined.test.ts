import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../../test/support/builders/at.ts';
import {
  buildPatch,
  buildPlannedChange,
  buildRuleContext,
  decidePatch,
} from '../../../test/support/builders/candidate.ts';
import { runCycle } from '../../../test/support/builders/cycle.ts';
import { buildPolicy } from '../../../test/support/builders/policy.ts';
import { DAY_MS, type Instant, instantFromMs } from '../../kernel/instant.ts';
import { buildPromotionCandidatesFromPatches } from '../candidate.ts';
import { filterCandidatesForLive } from '../decide.ts';
import type { DeclinedChange } from '../declined.ts';
import { buildHistoryView } from '../history-view.ts';
import { declined } from './declined.ts';

const CLOSED = at('2026-11-20T12:00:00Z');
const NO: DeclinedChange = { target: 'portfolio.leverage', value: 1.25, closedAt: CLOSED, pullRequest: 7 };
const daysLater = (days: number, ms = 0): Instant => instantFromMs(CLOSED + days * DAY_MS + ms);

function findingsAt(now: Instant, newestExperiment: Instant | null, no: Partial<DeclinedChange> = {}) {
  const context = buildRuleContext({ now, declined: [{ ...NO, ...no }] });
  return declined.check(buildPlannedChange({ newestExperiment }), context);
}

describe('declined', () => {
  test('holds until 14 days have passed and a newer experiment exists, whichever is later', () => {
    expect(findingsAt(daysLater(14, -1), daysLater(1))).toMatchObject([
      { code: 'DECLINED', effect: 'pending', observed: '#7', until: daysLater(14) },
    ]);
    expect(findingsAt(daysLater(14), daysLater(1))).toEqual([]);
    expect(findingsAt(daysLater(20), CLOSED)).toMatchObject([{ code: 'DECLINED' }]);
    expect(findingsAt(daysLater(20), CLOSED)[0]).not.toHaveProperty('until');
    expect(findingsAt(daysLater(20), null)).toHaveLength(1);
  });

  test('is about this value of this target only', () => {
    expect(findingsAt(NOW, null, { value: 1.2 })).toEqual([]);
    expect(findingsAt(NOW, null, { target: 'portfolio.other' })).toEqual([]);
  });

  test('keeps its place in the budgets: saying no to one lets no other in', () => {
    const policy = buildPolicy({ budgets: { promotions_per_day: 1 } });
    const patches = [
      buildPatch({ confidence: 0.95 }),
      buildPatch({ target: 'portfolio.max_positions', type: 'integer', value: 6, claimedOld: [5] }),
    ];
    const acceptedWith = (no: readonly DeclinedChange[]) => {
      const context = buildRuleContext({ policy, history: buildHistoryView([]), declined: no });
      const decisions = filterCandidatesForLive(
        buildPromotionCandidatesFromPatches(patches, policy),
        context,
      );
      return decisions.flatMap(({ lane, candidate }) => (lane === null ? [] : [candidate.patch.target]));
    };
    expect(acceptedWith([])).toEqual(['portfolio.leverage']);
    expect(acceptedWith([NO])).toEqual([]);
  });

  test('keeps a change out of both lanes', () => {
    expect(decidePatch({}, { declined: [NO] })).toMatchObject({ status: 'PENDING', lane: null });
  });
});

const signal = (target: string, value: number) => ({
  target,
  new_value: value,
  confidence_score: 0.9,
  generated_at: '2026-11-21T12:00:00Z',
});

test('declined can only remove changes', () => {
  const documents = {
    'a.json': signal('portfolio.leverage', 1.25),
    'b.json': signal('strategy.trigger_delay', 9),
    'c.json': signal('macro.regime_weight', 0.1),
  };
  const without = runCycle(documents);
  const changesOf = (cycle: typeof without) =>
    cycle.proposals.flatMap(({ lane, changes }) => changes.map((change) => JSON.stringify({ lane, change })));
  const any = fc.record({
    target: fc.constantFrom('portfolio.leverage', 'strategy.trigger_delay', 'macro.regime_weight', 'no.such'),
    value: fc.constantFrom(1.25, 9, 0.1, 'x'),
    closedAt: fc.integer({ min: -40, max: 40 }).map((days) => instantFromMs(NOW + days * DAY_MS)),
    pullRequest: fc.integer({ min: 1, max: 99 }),
  });
  expect(changesOf(without)).toHaveLength(3);
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), (no) => {
      const left = changesOf(runCycle(documents, { declined: no }));
      expect(changesOf(without)).toEqual(expect.arrayContaining(left));
    }),
  );
});
