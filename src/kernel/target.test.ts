import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { findTargetFault, patternCovers, patternNames, targetWords } from './target.ts';

describe('findTargetFault', () => {
  test.each([
    'portfolio.leverage',
    'a',
    'A-b_C.9',
    'x'.repeat(200),
    'a.b.c.d.e.f.g.h.i.j.k.l',
    'proto',
    '--',
  ])('finds nothing against %s', (text) => expect(findTargetFault(text)).toBeNull());

  test.each([
    ['', 'is empty'],
    ['x'.repeat(201), 'is longer than 200 characters'],
    ['a.b.c.d.e.f.g.h.i.j.k.l.m', 'is nested deeper than 12 segments'],
    ['__proto__.x', 'has the forbidden segment "__proto__"'],
    ['a.__PROTO__', 'has the forbidden segment "__PROTO__"'],
    ['a.constructor.b', 'has the forbidden segment "constructor"'],
    ['a.prototype', 'has the forbidden segment "prototype"'],
  ])('refuses %s', (text, fault) => expect(findTargetFault(text)).toBe(fault));

  test.each([
    '.',
    'a.',
    '.a',
    'a..b',
    ' a',
    'a ',
    'a b',
    'a\n',
    'a\u2028b',
    '"a"',
    "'a'",
    'a]',
    'a[0]',
    'a/b',
    'ä',
    '*',
  ])('refuses the characters of %j', (text) =>
    expect(findTargetFault(text)).toBe('has a character that is not allowed'),
  );

  test.each(HOSTILE_TEXTS)('lets nothing through that means anything to a sink: $name', ({ text }) => {
    if (findTargetFault(text) === null) expect(text).toMatch(/^[A-Za-z0-9_.-]{1,200}$/);
    expect(findTargetFault(`portfolio.${text}\n`)).not.toBeNull();
  });

  test('accepts only what is harmless, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (findTargetFault(text) === null) expect(text).toMatch(/^[A-Za-z0-9_.-]+$/);
      }),
    );
  });
});

describe('targetWords', () => {
  test.each([
    ['portfolio.leverage', ['portfolio', 'leverage']],
    ['macro.regimeWeight', ['macro', 'regime', 'weight']],
    ['live.api_keys.binance', ['live', 'api', 'keys', 'binance']],
    ['APIKey', ['api', 'key']],
    ['maxLEVERAGE', ['max', 'leverage']],
    ['xLEVERAGECap', ['x', 'leverage', 'cap']],
    ['Risk-Limit.MAX', ['risk', 'limit', 'max']],
    ['asterisk', ['asterisk']],
    ['deleveraged', ['deleveraged']],
    ['__a--b', ['a', 'b']],
  ])('splits %s', (target, words) => expect(targetWords(target)).toEqual(words));
});

describe('patternNames', () => {
  test.each([
    ['portfolio.leverage', 'portfolio.leverage', true],
    ['portfolio.leverage', 'Portfolio.leverage', false],
    ['portfolio.leverage', 'portfolio.leverage.max', false],
    ['portfolio.leverage', 'portfolio.leverage_max', false],
    ['portfolio', 'portfolio.leverage', false],
    ['portfolio.*', 'portfolio.leverage', true],
    ['portfolio.*', 'portfolio.a.b', true],
    ['portfolio.*', 'portfolio', false],
    ['portfolio.*', 'portfolio2.a', false],
    ['*.leverage', 'portfolio.leverage', true],
    ['*.leverage', 'a.b.leverage', false],
    ['a.*.c', 'a.b.c', true],
    ['a.*.c', 'a.b.b.c', false],
    ['*', 'a', true],
    ['*', 'a.b.c', true],
  ])('%s names %s: %s', (pattern, target, expected) => {
    expect(patternNames(pattern, target)).toBe(expected);
  });
});

describe('patternCovers', () => {
  test.each([
    ['risk.stop_loss', 'risk.stop_loss', true],
    ['risk.stop_loss', 'Risk.Stop_Loss', true],
    ['RISK.stop_loss', 'risk.stop_loss', true],
    ['risk.stop_loss', 'risk.stop_loss.percent', true],
    ['risk.stop_loss', 'risk', true],
    ['risk.stop_loss', 'strategy.stop_loss', false],
    ['strategy.name', 'strategy.name_suffix', false],
    ['strategy.name', 'strategy.names', false],
    ['live.api_keys', 'live.api_keys.binance', true],
    ['live.api_keys.*', 'live.api_keys.binance.secret', true],
    ['live.api_keys.*', 'live.api_keys', true],
    ['live.api_keys.*', 'live', true],
    ['live.api_keys.*', 'live.api_keyring', false],
    ['live.*.secret', 'live.binance.secret', true],
    ['live.*.secret', 'live.binance.public', false],
    ['*', 'anything.at.all', true],
  ])('%s covers %s: %s', (pattern, target, expected) => {
    expect(patternCovers(pattern, target)).toBe(expected);
  });

  test('covers whatever patternNames names', () => {
    const segment = fc.constantFrom('a', 'b', 'A', '*');
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(path, path, (pattern, target) => {
        if (patternNames(pattern, target)) expect(patternCovers(pattern, target)).toBe(true);
      }),
    );
  });
});
