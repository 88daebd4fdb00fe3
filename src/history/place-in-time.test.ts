import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Instant, instantFromMs } from '../kernel/instant.ts';
import { placeInTime } from './place-in-time.ts';

const place = (claims: readonly number[], now: number): readonly number[] =>
  placeInTime(
    claims.map((ms, i) => ({ id: String(i), claimed: instantFromMs(ms) })),
    instantFromMs(now),
  );

test.each([
  [[10, 20, 30], 40, [10, 20, 30]],
  // A backdated commit cannot leave a budget's window.
  [[10, 20, 1, 30], 40, [10, 20, 20, 30]],
  // A commit from the future is as young as it can be, and does not make later ones younger.
  [[10, 99, 20, 30], 40, [10, 20, 20, 30]],
  [[10, 20, 99], 40, [10, 20, 40]],
  [[99, 98], 40, [40, 40]],
  [[], 40, []],
])('placeInTime of %j at %d is %j', (claims, now, times) => {
  expect(place(claims, now)).toEqual(times);
});

test('placeInTime is monotonic, never after now, and never before an honest claim below', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (claims) => {
      const times = place(claims, 50);
      for (const [i, time] of times.entries()) {
        expect(time).toBeLessThanOrEqual(50);
        expect(time).toBeGreaterThanOrEqual(times[i - 1] ?? (Number.NEGATIVE_INFINITY as Instant));
        for (const claim of claims.slice(0, i + 1))
          if (claim <= 50) expect(time).toBeGreaterThanOrEqual(claim);
      }
    }),
  );
});
