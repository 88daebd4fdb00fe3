import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { formatConfidence } from './format-confidence.ts';

test.each([
  [0, '0.000'],
  [1, '1.000'],
  [0.749, '0.749'],
  [0.7499, '0.749'],
  [0.7499999, '0.749'],
  [0.75, '0.750'],
  [0.8999999999, '0.899'],
  [0.29, '0.290'],
  [0.57, '0.570'],
  [0.001, '0.001'],
  [0.9996, '0.999'],
])('formatConfidence cuts %d to %s', (confidence, text) => {
  expect(formatConfidence(confidence)).toBe(text);
});

test('formatConfidence shows a number of three decimals as it is', () => {
  for (let i = 0; i <= 1000; i += 1) expect(formatConfidence(i / 1000)).toBe((i / 1000).toFixed(3));
});

test('formatConfidence never makes a confidence reach what it does not reach', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 1000 }),
      (confidence, n) => {
        if (confidence < n / 1000) expect(Number(formatConfidence(confidence))).toBeLessThan(n / 1000);
      },
    ),
    { numRuns: 1000 },
  );
});
