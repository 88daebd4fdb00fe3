import { describe, expect, test } from 'vitest';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { tagsOf } from './tags.ts';

const POLICY = buildPolicy({
  tags: { research: ['lab.*'], leverage: ['portfolio.gearing'] },
});

describe('tagsOf', () => {
  test.each([
    ['portfolio.leverage', ['leverage']],
    ['Portfolio.LEVERAGE', ['leverage']],
    ['macro.bull_market_leverage', ['leverage', 'macro']],
    ['risk.triggerLeverage', ['leverage', 'risk', 'trigger']],
    ['risk-limits.x', ['risk']],
    ['strategy.trigger_delay', ['trigger']],
    ['strategy.asterisk', []],
    ['portfolio.deleveraged', []],
    ['portfolio.leveraged', []],
    ['macros.x', []],
    ['retrigger.x', []],
  ])('gives %s its words, never parts of words: %j', (target, tags) => {
    expect(tagsOf(target, [], POLICY)).toEqual(tags);
  });

  test.each([
    ['portfolio.gearing', ['leverage']],
    ['Portfolio.Gearing', ['leverage']],
    ['portfolio.gearing.max', ['leverage']],
    ['lab.a.b', ['research']],
    ['laboratory.a', []],
  ])('gives %s what the policy gives it: %j', (target, tags) => {
    expect(tagsOf(target, [], POLICY)).toEqual(tags);
  });

  test('adds what the evidence says, and lets it remove nothing', () => {
    expect(tagsOf('portfolio.leverage', ['r_and_d', '__proto__'], POLICY)).toEqual([
      '__proto__',
      'leverage',
      'r_and_d',
    ]);
  });
});
