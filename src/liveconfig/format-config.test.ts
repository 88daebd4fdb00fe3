import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { isExactNumber } from '../kernel/scalar.ts';
import { parseBaseConfig } from './base-config.ts';
import { formatConfig, formatConfigJson } from './format-config.ts';
import { parseToml, type TomlTable, type TomlValue } from './toml.ts';

const BASE = `
name = "peak"
[environment]
mode = "paper"
[portfolio]
leverage = 1.0
max_positions = 5
symbols = ["BTC/EUR", "ETH/EUR"]
limits = [{ symbol = "BTC/EUR", max = 2.0 }, {}]
since = 2026-01-01
hedged = true
[portfolio.empty]
["odd key"."ü"]
x = 5e-7
`;

const tree = (text: string): TomlTable => {
  const result = parseBaseConfig([{ file: 'c.toml', text }]);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};

const text = fc.string({ unit: 'binary' }).filter((found) => !/\p{Cs}/u.test(found));
const scalar: fc.Arbitrary<TomlValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger().map(BigInt),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExactNumber),
);
const config = fc.dictionary(
  text,
  fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(text, scalar, { maxKeys: 3 })),
  {
    maxKeys: 5,
  },
) as fc.Arbitrary<TomlTable>;

describe('formatConfig toml', () => {
  test('is read back as what it was', () => {
    expect(tree(formatConfig(tree(BASE), 'toml'))).toEqual(tree(BASE));
  });

  test('is read back as what it was, for any configuration', () => {
    fc.assert(
      fc.property(config, (found) => {
        const result = parseToml(formatConfig(found, 'toml'), 'c.toml');
        expect(result).toMatchObject({ ok: true });
        if (result.ok) expect({ ...result.value }).toEqual({ ...found });
      }),
    );
  });
});

describe('formatConfig json', () => {
  test('keeps the point of a float, and the texts of dates', () => {
    const json = formatConfig(tree(BASE), 'json');
    expect(json).toContain('"leverage": 1.0,');
    expect(json).toContain('"max_positions": 5,');
    expect(json).toContain('"max": 2.0');
    expect(json).toContain('"since": "2026-01-01"');
    expect(json.endsWith('}\n')).toBe(true);
  });

  test('is JSON with the same values, for any configuration', () => {
    fc.assert(
      fc.property(config, (found) => {
        const expected = JSON.stringify(found, (_, value) =>
          typeof value === 'bigint' ? Number(value) : value,
        );
        expect(JSON.parse(formatConfig(found, 'json'))).toEqual(JSON.parse(expected));
      }),
    );
  });

  test('sorted does not depend on the order of keys', () => {
    const [a, b] = [tree('x = 1\ny = 2\n[t]\nc = 1\nd = 2'), tree('y = 2\nx = 1\n[t]\nd = 2\nc = 1')];
    expect(formatConfigJson(a, { canonical: true })).toBe(formatConfigJson(b, { canonical: true }));
    expect(formatConfigJson(a)).not.toBe(formatConfigJson(b));
  });
});

describe('formatConfig env', () => {
  /** What a POSIX shell makes of it: `NAME=value` pairs, each ended by a null character. */
  const evaluate = (env: string): Map<string, string> => {
    const output = execFileSync('/bin/sh', ['-c', `set -a\n${env}\nexec env -0`], {
      env: {},
      encoding: 'utf8',
    });
    const pairs = output.split('\0').filter((pair) => pair.startsWith('P_'));
    return new Map(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  };

  test('has one quoted line a parameter', () => {
    expect(formatConfig(tree(BASE), 'env')).toBe(
      "NAME='peak'\nENVIRONMENT_MODE='paper'\nPORTFOLIO_LEVERAGE='1.0'\nPORTFOLIO_MAX_POSITIONS='5'\nPORTFOLIO_HEDGED='true'\n",
    );
  });

  test('means the same text to a shell, whatever is in it', () => {
    const texts = HOSTILE_TEXTS.map((hostile) => hostile.text).filter(
      (found) => !/[\0\p{Cs}]/u.test(found) && found.length < 1000,
    );
    const found = formatConfig({ p: Object.fromEntries(texts.map((value, i) => [`v${i}`, value])) }, 'env');
    const values = evaluate(found);
    for (const [i, value] of texts.entries()) {
      if (!/[\n\r]/.test(value)) expect(values.get(`P_V${i}`)).toBe(value);
    }
    expect([...values.keys()].every((name) => /^P_V\d+$/.test(name))).toBe(true);
  });

  test('never spreads a value over several lines: other readers of such files have no quotes', () => {
    const found = formatConfig({ a: 'x\nPATH=/tmp', b: 'x\r\nEVIL=1', c: '\u0000' }, 'env');
    for (const line of found.split('\n').filter((part) => part !== ''))
      expect(line).toMatch(/^[ABC]='[^\0\r]*'$/);
  });

  test('names no variable that is none', () => {
    const found = formatConfig(
      { '1a': 'x', 'a b': 'x', ü: 'x', 'x;id': 'x', __proto__x: 'x', 'ok-1': 'y' },
      'env',
    );
    expect(found).toBe("__PROTO__X='x'\nOK_1='y'\n");
  });
});
