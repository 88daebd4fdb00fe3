import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { formatGauge } from './gauge.ts';

test.each([
  [1, 1.25, '▕○────●···············▏'],
  [1.5, 1.5, '▕··········◉··········▏'],
  [2, 1, '▕●───────────────────○▏'],
  [1, 3, '▕○────────────────────▸'],
  [0, 1.1, '◂──●··················▏'],
  [0, 3, '◂─────────────────────▸'],
])('formatGauge from %d to %d between 1 and 2', (now, next, gauge) => {
  expect(formatGauge({ min: 1, max: 2 }, now, next)).toBe(gauge);
});

test('formatGauge is always 23 characters wide', () => {
  const any = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
  fc.assert(
    fc.property(any, any, any, fc.double({ noNaN: true, min: 1e-6, max: 1e6 }), (now, next, min, span) => {
      expect([...formatGauge({ min, max: min + span }, now, next)]).toHaveLength(23);
    }),
  );
});
