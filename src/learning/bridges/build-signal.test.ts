import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { NOW } from '../../../test/support/builders/at.ts';
import { distance } from '../../kernel/decimal.ts';
import { findSignalFaults } from '../emit.ts';
import { buildSignal, stepWithin } from './build-signal.ts';

const WEIGHT = { target: 'macro.regime_weight', current: 0.3, step: 0.1, min: 0, max: 0.8 };

describe('stepWithin', () => {
  test.each([
    [0.3, 1, 0.4],
    [0.7, 1, 0.8],
    [0.3, -1, 0.2],
    [0.75, 1, 0.8],
    [0.05, -1, 0],
  ] as const)('from %d, direction %d, to exactly %d', (current, direction, to) => {
    expect(stepWithin({ ...WEIGHT, current }, direction)).toEqual({
      target: WEIGHT.target,
      from: current,
      to,
    });
  });

  test.each([
    [0.8, 1],
    [0, -1],
    [0.3, 0],
    [0.9, 1],
    [-0.1, -1],
  ] as const)('from %d, direction %d: there is none', (current, direction) => {
    expect(stepWithin({ ...WEIGHT, current }, direction)).toBeNull();
  });

  test('never moves by more than a step, nor the other way, nor out of the range', () => {
    const hundredth = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);
    fc.assert(
      fc.property(hundredth, fc.constantFrom(-1, 1), (current, direction) => {
        const move = stepWithin({ ...WEIGHT, current }, direction as -1 | 1);
        if (move === null) return;
        expect(distance(move.to, current).lte(WEIGHT.step)).toBe(true);
        expect(Math.sign(move.to - current)).toBe(direction);
        expect(move.to).toBeGreaterThanOrEqual(WEIGHT.min);
        expect(move.to).toBeLessThanOrEqual(WEIGHT.max);
      }),
    );
  });
});

describe('buildSignal', () => {
  const facts = {
    source: 'macro',
    createdAt: NOW,
    experimentId: 'macro/1',
    sampleSize: 3,
    metrics: { a: 1 },
    summary: 'x',
  };

  test('is a valid signal, with and without a move', () => {
    const move = { target: 'a.b', from: 1, to: 2 };
    expect(findSignalFaults(buildSignal(facts, move, 0.5))).toEqual([]);
    expect(findSignalFaults(buildSignal(facts, null, 0))).toEqual([]);
    expect(buildSignal(facts, null, 0).recommended_changes).toEqual([]);
  });

  test('has an id that follows from its content', () => {
    const move = { target: 'a.b', from: 1, to: 2 };
    const ids = [
      buildSignal(facts, move, 0.5),
      buildSignal(facts, move, 0.5),
      buildSignal(facts, null, 0.5),
      buildSignal({ ...facts, experimentId: 'macro/2' }, move, 0.5),
    ].map(({ signal_id }) => signal_id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toMatch(/^macro-20261122T030000Z-[0-9a-f]{8}$/);
  });
});
