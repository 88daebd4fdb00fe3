import { describe, expect, test } from 'vitest';
import { formatRange, hardLimitOf, isNeverOverridable, keepsRange } from './hard-limits.ts';

const LEVERAGE = { min: 0, max: 3 };

describe('hardLimitOf', () => {
  test.each([
    'portfolio.leverage',
    'Portfolio.Leverage',
    'macro.bull_market_leverage',
    'max-leverage.x',
    'risk.maxLeverage',
  ])('holds %s between 0 and 3', (target) => expect(hardLimitOf(target)).toEqual(LEVERAGE));

  test.each(['portfolio.deleveraged', 'portfolio.leveraged', 'risk.stop_loss', 'macro.weight'])(
    'has nothing for %s',
    (target) => expect(hardLimitOf(target)).toBeNull(),
  );

  test('counts a tag as much as a word', () => {
    expect(hardLimitOf('portfolio.gearing', ['leverage'])).toEqual(LEVERAGE);
  });
});

describe('keepsRange', () => {
  test.each([
    [0, true],
    [3, true],
    [1.5, true],
    [-1e-300, false],
    [3.0000000000000004, false],
    [-0, true],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
    [Number.NEGATIVE_INFINITY, false],
    [true, true],
    ['daily', true],
    ['', true],
    ['2.5', true],
    ['3.5', false],
    [' 3.5 ', false],
    ['-1', false],
    ['1e999', false],
    ['Infinity', false],
    ['0x10', false],
  ])('%j: %s', (value, expected) => expect(keepsRange(value, LEVERAGE)).toBe(expected));
});

describe('isNeverOverridable', () => {
  test.each(['environment', 'environment.mode', 'Environment.Mode', 'environment.a.b'])('%s is', (target) => {
    expect(isNeverOverridable(target)).toBe(true);
  });

  test.each(['environments.mode', 'portfolio.environment', 'env.mode'])('%s is not', (target) => {
    expect(isNeverOverridable(target)).toBe(false);
  });
});

test('formatRange', () => {
  expect(formatRange(LEVERAGE)).toBe('0 to 3');
});
