import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { buildPlannedChange } from '../../test/support/builders/candidate.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { distance } from '../kernel/decimal.ts';
import { fitsType, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import { planValue } from './plan-change.ts';
import type { AutoApplyBounds } from './policy-schema.ts';

const CLAMP = { on_step_exceeded: 'clamp' } as const;

interface Case {
  readonly live: Scalar;
  readonly wanted: Scalar;
  readonly type?: ParameterType;
  readonly bounds?: AutoApplyBounds;
  readonly clamp?: boolean;
}

function plan({
  live,
  wanted,
  type = 'float',
  bounds = { min: 1, max: 2, max_step: 0.25 },
  clamp = true,
}: Case): Scalar {
  const policy = buildPolicy({ bounds: { 'a.b': bounds }, ...(clamp ? { auto: CLAMP } : {}) });
  const { candidate } = buildPlannedChange({ target: 'a.b', value: wanted });
  return planValue(candidate, { type, value: live }, policy);
}

describe('planValue', () => {
  test.each<readonly [string, Case, Scalar]>([
    ['a step is taken as it is', { live: 1, wanted: 1.25 }, 1.25],
    ['less than a step, too', { live: 1, wanted: 1.1 }, 1.1],
    ['more becomes one step', { live: 1, wanted: 2 }, 1.25],
    ['downwards as well', { live: 2, wanted: 1 }, 1.75],
    ['never beyond the edge', { live: 1.9, wanted: 2.5 }, 2],
    ['nor below', { live: 1.1, wanted: 0 }, 1],
    ['at the edge there is no step', { live: 2, wanted: 3 }, 3],
    ['above the bounds, down by a step that does not reach them: none', { live: 2.5, wanted: 1 }, 1],
    ['above the bounds, down by a step that reaches them', { live: 2.2, wanted: 1 }, 1.95],
    ['above the bounds, up: none', { live: 2.2, wanted: 3 }, 3],
    ['below the bounds, up by a step that reaches them', { live: 0.9, wanted: 2 }, 1.15],
    ['below the bounds, down: none', { live: 0.9, wanted: 0.5 }, 0.5],
    ['exact decimals', { live: 0.3, wanted: 0.9, bounds: { min: 0, max: 0.8, max_step: 0.1 } }, 0.4],
    ['exact decimals downwards', { live: 0.8, wanted: 0, bounds: { min: 0, max: 0.8, max_step: 0.1 } }, 0.7],
    [
      'whole numbers stay whole',
      { type: 'integer', live: 5, wanted: 9, bounds: { min: 1, max: 20, max_step: 2.5 } },
      7,
    ],
    [
      'whole numbers, downwards',
      { type: 'integer', live: 5, wanted: 1, bounds: { min: 1, max: 20, max_step: 2.5 } },
      3,
    ],
    [
      'whole numbers and a step below one: none',
      { type: 'integer', live: 5, wanted: 9, bounds: { min: 1, max: 20, max_step: 0.5 } },
      9,
    ],
    [
      'whole numbers and an edge between',
      { type: 'integer', live: 5, wanted: 9, bounds: { min: 1, max: 6.5, max_step: 3 } },
      6,
    ],
    ['a text', { type: 'string', live: 'a', wanted: 'b' }, 'b'],
    ['a number for a text', { type: 'string', live: 'a', wanted: 1 }, 1],
    ['not told to clamp', { live: 1, wanted: 2, clamp: false }, 2],
  ])('%s', (_, found, expected) => expect(plan(found)).toBe(expected));

  test('needs bounds and a live value', () => {
    const policy = buildPolicy({ auto: CLAMP });
    const { candidate } = buildPlannedChange({ target: 'x.y', value: 9 });
    expect(planValue(candidate, { type: 'float', value: 1 }, policy)).toBe(9);
    expect(planValue(candidate, null, policy)).toBe(9);
  });

  test('keeps the narrowest step and range of several tags', () => {
    const policy = buildPolicy({
      auto: CLAMP,
      bounds: { leverage: { min: 1, max: 2, max_step: 0.5 }, macro: { min: 0, max: 1.3, max_step: 0.4 } },
    });
    const { candidate } = buildPlannedChange({ target: 'macro.leverage', value: 3 });
    expect(planValue(candidate, { type: 'float', value: 1 }, policy)).toBe(1.3);
    expect(planValue(candidate, { type: 'float', value: 0.7 }, policy)).toBe(1.1);
  });

  test('is the recommendation, or one permitted step towards it', () => {
    const hundredth = fc.integer({ min: -500, max: 500 }).map((n) => n / 100);
    const bounds = fc
      .record({
        min: hundredth,
        width: fc.integer({ min: 1, max: 500 }),
        step: fc.integer({ min: 1, max: 300 }),
      })
      .map(({ min, width, step }) => ({
        min,
        max: Number((min + width / 100).toFixed(2)),
        max_step: step / 100,
      }));
    const number = fc.oneof(hundredth, fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(
        number,
        number,
        bounds,
        fc.constantFrom<ParameterType>('float', 'integer'),
        (live, wanted, range, type) => {
          fc.pre(fitsType(live, type) && fitsType(wanted, type));
          const planned = plan({ live, wanted, type, bounds: range }) as number;
          if (planned === wanted) return;
          expect(fitsType(planned, type)).toBe(true);
          expect(planned).toBeGreaterThanOrEqual(range.min);
          expect(planned).toBeLessThanOrEqual(range.max);
          expect(distance(planned, live).lte(range.max_step)).toBe(true);
          expect(Math.sign(planned - live)).toBe(Math.sign(wanted - live));
          expect(Math.abs(planned - live)).toBeLessThanOrEqual(Math.abs(wanted - live));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
