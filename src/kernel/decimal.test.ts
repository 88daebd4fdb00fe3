import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { addExactly, decimal, distance, formatDecimal } from './decimal.ts';

test.each([
  [0.3, 0.4, '0.1'],
  [0.7, 0.8, '0.1'],
  [0.1, 0.2, '0.1'],
  [1.0, 1.25, '0.25'],
  [1.25, 1.0, '0.25'],
  [10, 8, '2'],
  [-1, 1, '2'],
  [1e21, 0, '1000000000000000000000'],
  [1e-7, 0, '0.0000001'],
  [0, 0, '0'],
])('distance of %d and %d is exactly %s', (a, b, expected) => {
  expect(formatDecimal(distance(a, b))).toBe(expected);
});

test('distance never exceeds a step that was taken', () => {
  const hundredth = fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 100);
  const step = fc.integer({ min: 1, max: 1000 }).map((n) => n / 100);
  fc.assert(
    fc.property(hundredth, step, (from, by) => {
      expect(formatDecimal(distance(addExactly(from, by), from))).toBe(formatDecimal(decimal(by)));
    }),
  );
});

test.each([
  [0.1, 0.2, 0.3],
  [0.3, 0.1, 0.4],
  [0.7, 0.1, 0.8],
  [1.1, -1, 0.1],
  [8, -2, 6],
])('addExactly gives %d + %d = %d', (a, b, sum) => {
  expect(addExactly(a, b)).toBe(sum);
});

test('formatDecimal has no exponent', () => {
  expect(formatDecimal(decimal('1e-9'))).toBe('0.000000001');
  expect(formatDecimal(decimal(1e25))).toBe('10000000000000000000000000');
  expect(formatDecimal(decimal('2.50'))).toBe('2.5');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 'x', ''])('decimal throws on %s', (value) => {
  expect(() => decimal(value)).toThrow();
});
