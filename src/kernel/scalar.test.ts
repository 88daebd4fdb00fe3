import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { fitsType, formatScalar, isExactNumber, type ParameterType, type Scalar } from './scalar.ts';

const TYPES: readonly ParameterType[] = ['integer', 'float', 'string', 'boolean'];

describe('fitsType', () => {
  const cases: readonly (readonly [Scalar, readonly ParameterType[]])[] = [
    [0, ['integer', 'float']],
    [1, ['integer', 'float']],
    [-5, ['integer', 'float']],
    [1.5, ['float']],
    [5e-324, ['float']],
    [1e-7, ['float']],
    [1.7976931348623157e308, []],
    [2 ** 53 - 1, ['integer', 'float']],
    [-(2 ** 53 - 1), ['integer', 'float']],
    [2 ** 53, []],
    [2 ** 53 + 2, []],
    [1e300, []],
    [-0, []],
    [Number.NaN, []],
    [Number.POSITIVE_INFINITY, []],
    [Number.NEGATIVE_INFINITY, []],
    [true, ['boolean']],
    [false, ['boolean']],
    ['', ['string']],
    ['1', ['string']],
    ['true', ['string']],
  ];
  test.each(cases)('%s stands for %j and nothing else', (value, fitting) => {
    expect(TYPES.filter((type) => fitsType(value, type))).toEqual(fitting);
  });
});

test('isExactNumber refuses every other kind of value', () => {
  for (const value of [null, undefined, '1', true, 1n, {}, [], [1], new Number(1)]) {
    expect(isExactNumber(value)).toBe(false);
  }
});

describe('formatScalar', () => {
  test.each([
    [2, 'float', '2.0'],
    [-2, 'float', '-2.0'],
    [0, 'float', '0.0'],
    [1.25, 'float', '1.25'],
    [1e-7, 'float', '1e-7'],
    [2, 'integer', '2'],
    [2, undefined, '2'],
    [true, 'boolean', 'true'],
    ['daily', 'string', '"daily"'],
    ['a"\n', 'string', '"a\\"\\n"'],
  ] as const)('shows %j, %s, as %s', (value, type, expected) => {
    expect(formatScalar(value, type)).toBe(expected);
  });

  test('shows different values differently', () => {
    const scalar = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExactNumber),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(scalar, (value) => {
        expect(JSON.parse(formatScalar(value))).toBe(value);
        if (typeof value === 'number') expect(JSON.parse(formatScalar(value, 'float'))).toBe(value);
      }),
    );
  });
});
