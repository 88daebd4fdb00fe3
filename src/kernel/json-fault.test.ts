import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { endOfString, findJsonFault } from './json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('findJsonFault', () => {
  test.each([
    ['', 0],
    ['  ', 2],
    ['{"a":', 5],
    ['[1,2', 4],
    ['"a', 2],
    ['"a\\', 3],
    ['"a\\u12', 6],
    ['{"a":NaN', 8],
    ['[NaN, -Infinity, ', 17],
  ])('says that %j ends too early', (text, offset) => {
    expect(findJsonFault(text)).toEqual({ reason: 'it ends too early', offset });
  });

  test.each([
    ['x', 0],
    ['{"a" 1}', 5],
    ["{'a':1}", 1],
    ['[1,]', 3],
    ['{"a":1,}', 7],
    ['[1 2]', 3],
    ['1 2', 2],
    ['[}', 1],
    ['{]', 1],
    ['"a\nb"', 2],
    ['"a\\xb"', 2],
    ['{"a":undefined}', 5],
    ['[NaN NaN]', 5],
    ['{"a":1}{', 7],
  ])('says where %j goes wrong', (text, offset) => {
    expect(findJsonFault(text)).toEqual({ reason: 'unexpected character', offset });
  });

  const broken = fc
    .tuple(
      fc.jsonValue(),
      fc.nat(),
      fc.constantFrom('', '?', '"', ']', '}', ',', ':', '\n', '1', ' '),
      fc.boolean(),
    )
    .map(([value, at, char, pretty]) => {
      const text = JSON.stringify(value, null, pretty ? 1 : 0);
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + char + text.slice(cut + 1);
    })
    .filter((text) => !isJson(text));

  test('stops inside the text, or at its end, and what stands before is the start of JSON', () => {
    fc.assert(
      fc.property(broken, (text) => {
        const { offset, reason } = findJsonFault(text);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(text.length);
        expect(reason === 'it ends too early').toBe(offset === text.length);
        expect(findJsonFault(text.slice(0, offset)).offset).toBe(offset);
      }),
      { numRuns: 500 },
    );
  });

  test('finds a text that is cut off, cut off', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
        const text = JSON.stringify([value]);
        expect(findJsonFault(text.slice(0, at % text.length)).reason).toBe('it ends too early');
      }),
    );
  });

  test.each(HOSTILE_TEXTS.filter(({ text }) => !isJson(text)))('answers for $name', ({ text }) => {
    expect(findJsonFault(text).offset).toBeLessThanOrEqual(text.length);
    expect(findJsonFault(`{"a":"${text}`).offset).toBeGreaterThan(0);
  });

  test.each(['[', '{"a":', '"\\"', '[1,'])('is quick and even-tempered with 300,000 of %s', (part) => {
    expect(findJsonFault(part.repeat(300_000)).offset).toBeGreaterThan(0);
  });
});

test.each([
  ['"a"', 0, 3],
  ['x"a\\"b"y', 1, 7],
  ['"a\\\\"b', 0, 5],
  ['"a', 0, 2],
  ['"a\\', 0, 3],
])('endOfString of %j from %d', (text, start, end) => {
  expect(endOfString(text, start)).toBe(end);
});
