import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { isJsonFault, lineAndColumn, MAX_JSON_VALUES, parseTolerantJson } from './json.ts';

const read = (text: string): unknown => {
  const result = parseTolerantJson(text);
  return isJsonFault(result) ? result : result.value;
};

describe('parseTolerantJson', () => {
  test('reads JSON as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseTolerantJson(text)).toEqual({ value: JSON.parse(text), nonFiniteTokens: 0 });
      }),
    );
  });

  test.each([
    ['NaN', null, 1],
    ['[NaN, Infinity, -Infinity]', [null, null, null], 3],
    ['{"a":NaN}', { a: null }, 1],
    ['{"a": -Infinity , "NaN": 1}', { a: null, NaN: 1 }, 1],
    ['{"a":"NaN","b":"-Infinity and NaN","c":NaN}', { a: 'NaN', b: '-Infinity and NaN', c: null }, 1],
    ['{"a":"\\"NaN","b":NaN}', { a: '"NaN', b: null }, 1],
    ['{"a":"\\\\","b":NaN,"c":"NaN\\\\"}', { a: '\\', b: null, c: 'NaN\\' }, 1],
    ['{"a":"line\\nNaN","b":\nNaN\n}', { a: 'line\nNaN', b: null }, 1],
  ])('reads the tokens that Python writes: %s', (text, value, nonFiniteTokens) => {
    expect(parseTolerantJson(text)).toEqual({ value, nonFiniteTokens });
  });

  test('counts no token inside a text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, noise) => {
        const text = JSON.stringify({ value, noise: `${noise}NaN" -Infinity` });
        const tokens = `{"x":NaN,"y":${text}}`;
        expect(parseTolerantJson(tokens)).toEqual({
          value: { x: null, y: JSON.parse(text) },
          nonFiniteTokens: 1,
        });
      }),
    );
  });

  test.each(HOSTILE_TEXTS)('gives a text back as it was: $name', ({ text }) => {
    expect(read(`{"a":NaN,"b":${JSON.stringify(text)}}`)).toEqual({ a: null, b: text });
  });

  test.each([
    ['lists', '[]'],
    ['objects', '{}'],
    ['numbers', '1'],
    ['tokens', 'NaN'],
    ['values that are no JSON', 'x'],
  ])('refuses %s beyond the limit of values, and says where', (_, value) => {
    const text = `[${Array(MAX_JSON_VALUES + 1)
      .fill(value)
      .join(',')}]`;
    // Commas and opening brackets count: one for each number, two for each list.
    const before = /[[{]/.test(value) ? MAX_JSON_VALUES / 2 : MAX_JSON_VALUES;
    const offset = before * (value.length + 1);
    expect(parseTolerantJson(text)).toEqual({ reason: 'too many values', offset });
    expect(parseTolerantJson(`\ufeff${text}`)).toEqual({ reason: 'too many values', offset: offset + 1 });
  });

  test('refuses lists in lists beyond the limit, closed or not', () => {
    const open = '['.repeat(MAX_JSON_VALUES + 1);
    const fault = { reason: 'too many values', offset: MAX_JSON_VALUES };
    expect(parseTolerantJson(open)).toEqual(fault);
    expect(parseTolerantJson(open + ']'.repeat(MAX_JSON_VALUES + 1))).toEqual(fault);
  });

  test('reads as many values as the limit allows, and counts nothing inside a text', () => {
    const most = Array(MAX_JSON_VALUES).fill(1);
    expect(read(JSON.stringify(most))).toHaveLength(MAX_JSON_VALUES);
    const text = '[,{"\\'.repeat(MAX_JSON_VALUES);
    expect(read(JSON.stringify([text]))).toEqual([text]);
  });

  test('reads a long text beside a token', () => {
    expect(read(`{"a":NaN,"b":"${'x'.repeat(16_000_000)}"}`)).toMatchObject({ a: null });
  });

  test.each([
    'nan',
    '-NaN',
    'NaNa',
    '1NaN',
    '+Infinity',
    'Infinity2',
    '{NaN:1}',
    'undefined',
    "{'a':1}",
    '[1,]',
    '01',
  ])('refuses %s', (text) => expect(isJsonFault(parseTolerantJson(text))).toBe(true));

  test('reads numbers as JSON does, also those beyond a double', () => {
    expect(read('[1e999,-1e999,1e-999,-0]')).toEqual([Infinity, -Infinity, 0, -0]);
  });

  test('skips a byte order mark, and only one', () => {
    expect(read('\ufeff{"a":1}')).toEqual({ a: 1 });
    expect(isJsonFault(parseTolerantJson('\ufeff\ufeff{}'))).toBe(true);
  });

  test('makes a member called __proto__ an ordinary one', () => {
    const value = read('{"__proto__":{"polluted":true},"x":NaN}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'x']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each(['[', '{', '}'])('reads 200,000 nested %s without falling over', (bracket) => {
    expect(() => parseTolerantJson(bracket.repeat(200_000))).not.toThrow();
  });

  test.each([
    ['{"a":', 'it ends too early'],
    ['"a', 'it ends too early'],
    ['', 'it ends too early'],
    ['{"a" 1}', 'unexpected character'],
    ['Unterminated', 'unexpected character'],
    ['x end of JSON input', 'unexpected character'],
  ])('says why %j is refused', (text, reason) => {
    expect(parseTolerantJson(text)).toMatchObject({ reason });
  });

  test('says where, inside the text or not at all', () => {
    expect(parseTolerantJson('{"a" 1}')).toMatchObject({ offset: 5 });
    for (const text of [
      'position 99',
      '{"a": position 99}',
      'position 99 (line 7 column 9)',
      ...HOSTILE_TEXTS.map((h) => h.text),
    ]) {
      const result = parseTolerantJson(text);
      if (isJsonFault(result)) expect(result.offset ?? 0).toBeLessThanOrEqual(text.length);
    }
  });

  test('never quotes the input: it may hold a secret', () => {
    expect(JSON.stringify(parseTolerantJson('sk_live_0123456789abcdef'))).not.toContain('sk_live');
  });
});

test.each([
  ['abc', 0, { line: 1, column: 1 }],
  ['abc', 3, { line: 1, column: 4 }],
  ['a\nbc', 2, { line: 2, column: 1 }],
  ['a\r\nbc', 4, { line: 2, column: 2 }],
  ['a\u2028b', 2, { line: 1, column: 3 }],
  ['\n\n', 2, { line: 3, column: 1 }],
])('lineAndColumn of %j at %d', (text, offset, expected) => {
  expect(lineAndColumn(text, offset)).toEqual(expected);
});
