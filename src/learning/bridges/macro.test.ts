import { describe, expect, test } from 'vitest';
import { at } from '../../../test/support/builders/at.ts';
import { findSignalFaults } from '../emit.ts';
import { buildMacroWeightingSignal, type MacroEvent } from './macro.ts';

const WEIGHT = { target: 'macro.regime_weight', current: 0.3, step: 0.1, min: 0, max: 0.8 };
const event = (overrides: Partial<MacroEvent> = {}): MacroEvent => ({
  eventId: 'INF-20260308-160000-macro_fed_hike',
  direction: 'bearish',
  confidence: 'high',
  importance: 4,
  ...overrides,
});
const build = (...events: readonly MacroEvent[]) =>
  buildMacroWeightingSignal({ evaluatedAt: at('2026-03-08T16:00:00+01:00'), events }, WEIGHT);

describe('buildMacroWeightingSignal', () => {
  test('is this, for a bearish event', () => {
    expect(build(event())).toEqual({
      schema_version: 1,
      signal_id: expect.stringMatching(/^macro-20260308T150000Z-[0-9a-f]{8}$/),
      source: 'macro',
      created_at: '2026-03-08T15:00:00Z',
      experiment_id: expect.stringContaining('macro/2026-03-08T15:00:00Z/'),
      confidence: 0.9,
      sample_size: 1,
      metrics: { balance: 1, events: 1 },
      summary: '1 macro events, balance 1.000 (1 = all bearish).',
      recommended_changes: [{ target: 'macro.regime_weight', old_value: 0.3, new_value: 0.4 }],
    });
  });

  test.each<readonly [string, readonly MacroEvent[], number | null, number]>([
    ['a bullish one', [event({ direction: 'bullish' })], 0.2, 0.9],
    ['a neutral one', [event({ direction: 'neutral' })], null, 0],
    ['an uncertain one', [event({ direction: 'uncertain' })], null, 0],
    ['none', [], null, 0],
    ['one of low confidence', [event({ confidence: 'low' })], 0.4, 0.5],
    // weights 3.6 and 3: balance 0.6 ÷ 6.6
    [
      'two that contradict each other',
      [event(), event({ direction: 'bullish', confidence: 'medium' })],
      null,
      0.075,
    ],
    // weights 4.5 and 0.5: balance 0.8, mean confidence (4.05 + 0.25) ÷ 5
    [
      'an important and an unimportant one',
      [event({ importance: 5 }), event({ direction: 'bullish', confidence: 'low', importance: 1 })],
      0.4,
      0.688,
    ],
    // weights 2 and 1: balance 1 ÷ 3
    [
      'two to one',
      [
        event({ confidence: 'low', importance: 4 }),
        event({ direction: 'bullish', confidence: 'low', importance: 2 }),
      ],
      0.4,
      0.166,
    ],
  ])('recommends for %s', (_, events, to, confidence) => {
    const signal = build(...events);
    expect(signal.recommended_changes.map(({ new_value }) => new_value)).toEqual(to === null ? [] : [to]);
    expect(signal.confidence).toBe(confidence);
    expect(findSignalFaults(signal)).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])('loses no thousandth to binary fractions: importance %d', (importance) => {
    const confidences = (['low', 'medium', 'high'] as const).map(
      (confidence) =>
        build(event({ importance, confidence }), event({ importance: 3, confidence })).confidence,
    );
    expect(confidences).toEqual([0.5, 0.75, 0.9]);
  });

  test('does not depend on the order of events', () => {
    const events = [
      event(),
      event({ eventId: 'b', direction: 'bullish', importance: 1 }),
      event({ eventId: 'c', confidence: 'low' }),
    ];
    expect(build(...[...events].reverse())).toEqual(build(...events));
  });

  test('tells evaluations of different events apart, however many there are', () => {
    const ids = Array.from({ length: 10 }, (_, i) => `INF-20260308-160000-macro_event_${i}`);
    const [all, other] = [ids, [...ids.slice(0, -1), 'INF-20260308-160000-macro_other']].map((list) =>
      build(...list.map((eventId) => event({ eventId }))),
    );
    expect(all?.experiment_id).not.toBe(other?.experiment_id);
    expect(all?.experiment_id?.length).toBeLessThanOrEqual(200);
  });
});
