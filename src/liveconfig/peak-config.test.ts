import { describe, expect, test } from 'vitest';
import { parseBaseConfig } from './base-config.ts';
import { isLiveLikeEnvironment, PeakConfig } from './peak-config.ts';

function load(text: string, mode: string | null = 'live'): PeakConfig {
  const base = parseBaseConfig([{ file: 'c.toml', text }]);
  if (!base.ok) throw new Error(JSON.stringify(base.problems));
  return new PeakConfig(base.value, { mode, applied: [], ignored: [] });
}

const TEXT =
  '[portfolio]\nleverage = 1.0\nmax_positions = 5\nsymbols = ["a"]\nsince = 2026-01-01T00:00:00Z\n';

describe('PeakConfig.get', () => {
  test.each([
    ['portfolio.leverage', 1],
    ['portfolio.max_positions', 5],
    ['portfolio.symbols', ['a']],
    ['portfolio.since', '2026-01-01T00:00:00.000Z'],
  ])('gives plain values: %s', (target, value) => {
    expect(load(TEXT).get(target)).toEqual(value);
  });

  test('gives the fallback only where there is nothing', () => {
    const config = load('[a]\nzero = 0\nno = false\nempty = ""');
    expect(config.get('a.missing', 7)).toBe(7);
    expect(config.get('a.missing')).toBeUndefined();
    expect([config.get('a.zero', 7), config.get('a.no', true), config.get('a.empty', 'x')]).toEqual([
      0,
      false,
      '',
    ]);
  });

  test.each(['constructor', '__proto__', 'portfolio.toString', 'portfolio.__proto__', ''])(
    'knows own keys only: %j',
    (target) => {
      expect(load(TEXT).get(target)).toBeUndefined();
    },
  );
});

describe('PeakConfig.toObject', () => {
  test('is a copy of its own', () => {
    const config = load(TEXT);
    const copy = config.toObject() as { portfolio: { leverage: number } };
    copy.portfolio.leverage = 9;
    expect(config.get('portfolio.leverage')).toBe(1);
  });

  test('keeps a key called __proto__ a key', () => {
    const copy = load('[__proto__]\nx = 1').toObject();
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });
});

describe('PeakConfig.withOverrides', () => {
  test('replaces and creates, and leaves the original alone', () => {
    const config = load(TEXT);
    const changed = config.withOverrides({
      'portfolio.leverage': 2,
      'portfolio.max_positions': 7,
      'new.x': 'y',
    });
    expect(changed.toObject()).toMatchObject({
      portfolio: { leverage: 2, max_positions: 7 },
      new: { x: 'y' },
    });
    expect(changed.mode).toBe('live');
    expect(config.get('portfolio.leverage')).toBe(1);
    expect(config.get('new.x')).toBeUndefined();
  });

  test('keeps the type of a parameter', () => {
    const config = load(TEXT);
    expect(config.withOverrides({ 'portfolio.max_positions': 5, 'portfolio.leverage': 1 }).digest).toBe(
      config.digest,
    );
  });

  test.each(['', 'a b', '__proto__.x', 'a.constructor', 'a\n'])(
    'throws on %j, which is no target',
    (target) => {
      expect(() => load(TEXT).withOverrides({ [target]: 1 })).toThrow(TypeError);
    },
  );
});

describe('PeakConfig.digest', () => {
  test('does not depend on order, spelling, comments or mode', () => {
    const other =
      '# remark\n[portfolio]\nmax_positions = 5\n"leverage" = 1.00\nsymbols = ["a"]\nsince = 2026-01-01T00:00:00Z';
    expect(load(other, 'paper').digest).toBe(load(TEXT).digest);
    expect(load(TEXT).digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['a value', 'a = 1', 'a = 2'],
    ['a number and its type', 'a = 1', 'a = 1.0'],
    ['a number and a text', 'a = 1', 'a = "1"'],
    ['a boolean and a text', 'a = true', 'a = "true"'],
    ['a date and a text', 'a = 2026-01-01', 'a = "2026-01-01"'],
    ['a date and a table that looks like one', 'a = 2026-01-01', '[a]\n"$date" = "2026-01-01"'],
    ['a place', '[t]\na = 1', 'a = 1'],
    ['a dotted key and a table', '"t.a" = 1', '[t]\na = 1'],
    ['an empty table', 'a = 1\n[t]', 'a = 1'],
    ['an order in a list', 'a = [1, 2]', 'a = [2, 1]'],
  ])('differs with %s', (_, one, other) => {
    expect(load(one).digest).not.toBe(load(other).digest);
  });
});

test('isLiveLikeEnvironment looks at the mode alone', () => {
  expect(isLiveLikeEnvironment(load(TEXT, 'shadow'))).toBe(true);
  expect(isLiveLikeEnvironment(load(TEXT, 'paper'))).toBe(false);
  expect(isLiveLikeEnvironment(load(TEXT, null))).toBe(false);
});
