import { describe, expect, test } from 'vitest';
import { at } from '../../../test/support/builders/at.ts';
import { findSignalFaults } from '../emit.ts';
import { buildTriggerTimingSignal, type TriggerTrainingSummary } from './trigger-training.ts';

const DELAY = { target: 'strategy.trigger_delay', current: 10, step: 2, min: 3, max: 15 };

function build(overrides: Partial<TriggerTrainingSummary> = {}) {
  const summary: TriggerTrainingSummary = {
    sessionId: 'DRILL_2026_03_08_MORNING',
    finishedAt: at('2026-03-08T10:12:40.551020'),
    countTotal: 64,
    countImpulsive: 4,
    countOnTime: 22,
    countLate: 30,
    countMissed: 8,
    countSkipped: 0,
    medianReactionMs: 2950,
    ...overrides,
  };
  return buildTriggerTimingSignal(summary, DELAY);
}

describe('buildTriggerTimingSignal', () => {
  test('is this, for reactions that come late', () => {
    expect(build()).toEqual({
      schema_version: 1,
      signal_id: expect.stringMatching(/^trigger_training-20260308T101240Z-[0-9a-f]{8}$/),
      source: 'trigger_training',
      created_at: '2026-03-08T10:12:40.551Z',
      experiment_id: 'trigger_training/DRILL_2026_03_08_MORNING/2026-03-08T10:12:40.551Z',
      // The Wilson interval of 38 of 42 is 0.7793 to 0.9623.
      confidence: 0.779,
      sample_size: 64,
      metrics: { late_or_missed: 38, impulsive: 4, on_time: 22, median_reaction_ms: 2950 },
      summary: '38 of 64 reactions late or missed, 4 impulsive.',
      recommended_changes: [{ target: 'strategy.trigger_delay', old_value: 10, new_value: 8 }],
    });
  });

  /** 81 of 263 and 0 of 20 are examples of R. G. Newcombe 1998 (0.2553 to 0.3662, 0 to 0.1611); here, their complements. */
  test.each([
    [81, 182, 0.633],
    [20, 0, 0.838],
    [50, 0, 0.928],
    [15, 1, 0.716],
  ])('is as sure as %d late against %d impulsive allow', (countLate, countImpulsive, confidence) => {
    const countTotal = countLate + countImpulsive;
    expect(build({ countLate, countImpulsive, countMissed: 0, countOnTime: 0, countTotal }).confidence).toBe(
      confidence,
    );
  });

  test.each<readonly [string, Partial<TriggerTrainingSummary>, number | null]>([
    ['impulsive ones', { countImpulsive: 38, countLate: 4, countMissed: 0 }, 12],
    ['missed ones', { countImpulsive: 0, countLate: 0, countMissed: 38 }, 8],
    [
      '19 reactions',
      { countTotal: 19, countLate: 19, countMissed: 0, countImpulsive: 0, countOnTime: 0 },
      null,
    ],
    ['20 reactions', { countTotal: 20, countLate: 20, countMissed: 0, countImpulsive: 0, countOnTime: 0 }, 8],
    [
      '20 reactions, one skipped',
      { countTotal: 20, countLate: 19, countSkipped: 1, countMissed: 0, countImpulsive: 0, countOnTime: 0 },
      null,
    ],
    [
      'a share of a fifth',
      { countTotal: 50, countLate: 10, countMissed: 0, countImpulsive: 0, countOnTime: 40 },
      8,
    ],
    [
      'less than a fifth',
      { countTotal: 50, countLate: 9, countMissed: 0, countImpulsive: 0, countOnTime: 41 },
      null,
    ],
    ['as many late as impulsive', { countLate: 20, countImpulsive: 20, countMissed: 0 }, null],
    [
      'nothing at all',
      {
        countTotal: 0,
        countLate: 0,
        countMissed: 0,
        countImpulsive: 0,
        countOnTime: 0,
        medianReactionMs: null,
      },
      null,
    ],
    [
      'nothing but skips',
      { countTotal: 30, countSkipped: 30, countLate: 0, countMissed: 0, countImpulsive: 0, countOnTime: 0 },
      null,
    ],
  ])('recommends for %s', (_, summary, to) => {
    const signal = build(summary);
    expect(signal.recommended_changes.map(({ new_value }) => new_value)).toEqual(to === null ? [] : [to]);
    expect(findSignalFaults(signal)).toEqual([]);
  });

  test('has one experiment for one session, and another for another', () => {
    expect(build().experiment_id).toBe(build().experiment_id);
    expect(build({ sessionId: 'B' }).experiment_id).not.toBe(build().experiment_id);
  });
});
