import { describe, expect, test } from 'vitest';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { boundsOf } from './bounds-of.ts';

const range = (max: number) => ({ min: 0, max, max_step: 0.5 });

describe('boundsOf', () => {
  const policy = buildPolicy({
    bounds: { leverage: range(2), macro: range(0.8), 'portfolio.leverage': range(1.5), lab: range(9) },
    tags: { lab: ['lab.*'] },
  });

  test.each([
    ['portfolio.leverage', [1.5]],
    ['portfolio.max_leverage', [2]],
    ['macro.bull_leverage', [2, 0.8]],
    ['lab.x', [9]],
    ['Portfolio.leverage', [2]],
    ['portfolio.asterisk', []],
    ['strategy.delay', []],
  ])('of %s are %j', (target, maxima) => {
    expect(boundsOf(target, policy).map(({ max }) => max)).toEqual(maxima);
  });

  test('are not lent by a pattern that covers the target without naming it, but restricted by it', () => {
    const covering = buildPolicy({
      bounds: { leverage: range(2), lab: range(1) },
      tags: { lab: ['PORTFOLIO.leverage', 'Strategy.delay', 'other.*'] },
    });
    expect(boundsOf('strategy.delay', covering)).toEqual([]);
    expect(boundsOf('portfolio.leverage', covering).map(({ max }) => max)).toEqual([1, 2]);
    expect(boundsOf('other.x', covering).map(({ max }) => max)).toEqual([1]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('are none for %s', (target) => {
    expect(boundsOf(target, policy)).toEqual([]);
  });
});
