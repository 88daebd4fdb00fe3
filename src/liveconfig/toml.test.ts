import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { fitsType, isExactNumber } from '../kernel/scalar.ts';
import {
  describeTomlType,
  formatTomlScalar,
  formatTomlString,
  isTable,
  parameterTypeOf,
  parseToml,
  toScalar,
} from './toml.ts';

const parsed = (text: string) => {
  const result = parseToml(text, 'x.toml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};

describe('parseToml', () => {
  test('keeps integers and floats apart', () => {
    expect(parsed('a = 1\nb = 1.0\nc = -0.0')).toEqual({ a: 1n, b: 1, c: -0 });
  });

  test.each([
    ['a = ', 1, 5],
    ['[a\n', 1, 3],
    ['x = 1\ny = ?\n', 2, 5],
    ['a = 1\na = 2', 2, 1],
    ['\u0000', 1, 1],
  ])('says where %j is wrong', (text, line, column) => {
    const result = parseToml(text, 'x.toml');
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'TOML_INVALID', file: 'x.toml', line }] });
    expect(result.problems[0]?.column).toBeGreaterThanOrEqual(column - 1);
  });

  test('never puts a key on a prototype', () => {
    const table = parsed('[__proto__]\npolluted = true\n["constructor"]\nx = 1');
    expect(Object.keys(table)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each(HOSTILE_TEXTS)('answers with data for $name', ({ text }) => {
    expect(() => parseToml(text, 'x.toml')).not.toThrow();
    expect(() => parseToml(`a = "${text}"`, 'x.toml')).not.toThrow();
  });

  test.each([
    ['dotted keys', `${'a.'.repeat(50_000)}a = 1`],
    ['table names', `[${'a.'.repeat(50_000)}a]`],
    ['arrays', `a = ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['inline tables', `a = ${'{a='.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ])('answers with data for 50,000 nested %s', (_, text) => {
    expect(() => parseToml(text, 'x.toml')).not.toThrow();
  });
});

test('the kinds of TOML values', () => {
  const table = parsed('a = 1\nb = 1.5\nc = "x"\nd = true\ne = [1]\nf = {}\ng = 2026-11-22');
  const kinds = Object.values(table).map((value) => [
    parameterTypeOf(value),
    describeTomlType(value),
    isTable(value),
  ]);
  expect(kinds).toEqual([
    ['integer', 'an integer', false],
    ['float', 'a float', false],
    ['string', 'a text', false],
    ['boolean', 'a boolean', false],
    [null, 'an array', false],
    [null, 'a table', true],
    [null, 'a date', false],
  ]);
  expect(describeTomlType(undefined)).toBe('missing');
});

describe('formatTomlScalar', () => {
  test.each([
    [2, 'float', '2.0'],
    [-3, 'float', '-3.0'],
    [0.35, 'float', '0.35'],
    [1e21, 'float', '1e+21'],
    [5e-7, 'float', '5e-7'],
    [12, 'integer', '12'],
    [true, 'boolean', 'true'],
    ['weekly', 'string', '"weekly"'],
    ['C:\\x', 'string', '"C:\\\\x"'],
  ] as const)('writes %j, %s, as %s', (value, type, text) => {
    expect(formatTomlScalar(value, type)).toBe(text);
  });

  test('is undone by parseToml, type and all', () => {
    const text = fc.string({ unit: 'binary' }).filter((found) => !/\p{Cs}/u.test(found));
    const float = fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExactNumber);
    const parameter = fc.oneof(
      fc.record({ type: fc.constant('string' as const), value: text }),
      fc.record({ type: fc.constant('float' as const), value: float }),
      fc.record({ type: fc.constant('integer' as const), value: fc.maxSafeInteger() }),
      fc.record({ type: fc.constant('boolean' as const), value: fc.boolean() }),
    );
    fc.assert(
      fc.property(parameter, ({ type, value }) => {
        fc.pre(fitsType(value, type));
        const { a } = parsed(`a = ${formatTomlScalar(value, type)}`);
        expect(parameterTypeOf(a)).toBe(type);
        expect(toScalar(a ?? '')).toBe(value);
      }),
    );
  });
});

describe('formatTomlString', () => {
  const wellFormed = HOSTILE_TEXTS.filter(({ text }) => !/\p{Cs}/u.test(text));

  test.each(wellFormed)('is one line that means $name, as value and as key', ({ text }) => {
    const quoted = formatTomlString(text);
    expect(quoted).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e\u200b]/u);
    expect(parsed(`a = ${quoted}`)).toEqual({ a: text });
    expect(Object.keys(parsed(`${quoted} = 1`))).toEqual([text]);
  });
});
