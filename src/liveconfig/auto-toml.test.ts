import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { fitsType, isExactNumber, type Parameter } from '../kernel/scalar.ts';
import { findTargetFault } from '../kernel/target.ts';
import { emptyOverrideFile, formatOverrideFile, type OverrideFile, parseOverrideFile } from './auto-toml.ts';

const HEADER = ['# What goes live.', '', '#   indented, with "quotes"'];
const parse = (text: string) => parseOverrideFile(text, 'auto_applied', 'auto.toml');
const parsed = (text: string): OverrideFile => {
  const result = parse(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};

describe('formatOverrideFile', () => {
  test('sorts, separates by one blank line, and keeps a line for every slot', () => {
    const file: OverrideFile = {
      ...emptyOverrideFile('auto_applied', HEADER),
      slots: new Set(['b.b', 'a.a']),
      overrides: new Map<string, Parameter>([
        ['c.c', { type: 'float', value: 2 }],
        ['a.a', { type: 'string', value: 'x"y' }],
      ]),
    };
    expect(formatOverrideFile(file)).toBe(
      [
        ...HEADER,
        '',
        '[auto_applied]',
        '"a.a" = "x\\"y"',
        '',
        '# "b.b" has its base value',
        '',
        '"c.c" = 2.0',
        '',
      ].join('\n'),
    );
  });

  test('writes an empty file that reads as one', () => {
    expect(formatOverrideFile(emptyOverrideFile('auto_applied', []))).toBe('[auto_applied]\n');
  });
});

describe('parseOverrideFile', () => {
  const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
  const target = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('.'))
    .filter((text) => findTargetFault(text) === null);
  const parameter: fc.Arbitrary<Parameter> = fc
    .oneof(
      fc.record({
        type: fc.constant('float' as const),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExactNumber),
      }),
      fc.record({ type: fc.constant('integer' as const), value: fc.maxSafeInteger() }),
      fc.record({ type: fc.constant('boolean' as const), value: fc.boolean() }),
      fc.record({
        type: fc.constant('string' as const),
        value: fc.string({ unit: 'binary' }).filter((text) => !/\p{Cs}/u.test(text)),
      }),
    )
    .filter(({ type, value }) => fitsType(value, type));
  const comment = fc.stringMatching(/^#[ -~]{0,30}$/).map((line) => line.trimEnd());
  const file = fc
    .record({
      header: fc.array(comment, { maxLength: 3 }),
      slots: fc.array(target, { maxLength: 5 }),
      overrides: fc.array(fc.tuple(target, parameter), { maxLength: 8 }),
    })
    .map(({ header, slots, overrides }): OverrideFile => {
      const values = new Map(overrides);
      return {
        table: 'auto_applied',
        header,
        slots: new Set([...slots, ...values.keys()]),
        overrides: values,
      };
    });

  test('gives back what formatOverrideFile wrote', () => {
    fc.assert(
      fc.property(file, (found) => {
        const again = parsed(formatOverrideFile(found));
        expect(again.header).toEqual(found.header);
        expect(new Map(again.overrides)).toEqual(new Map(found.overrides));
        expect([...again.slots].sort()).toEqual([...found.slots].sort());
        expect(formatOverrideFile(again)).toBe(formatOverrideFile(found));
      }),
    );
  });

  test('keeps the header that people wrote, and only that', () => {
    const text = '\n# one\n\n#two  \n   # three\n\n[auto_applied]\n# a remark\n"a" = 1\n';
    expect(parsed(text).header).toEqual(['# one', '', '#two', '   # three']);
  });

  test('reads every way of writing a key', () => {
    const { overrides } = parsed('[auto_applied]\na.b = 1\n"c.d" = 2.5\n[auto_applied.e]\nf = "x"\n');
    expect([...overrides]).toEqual([
      ['a.b', { type: 'integer', value: 1 }],
      ['c.d', { type: 'float', value: 2.5 }],
      ['e.f', { type: 'string', value: 'x' }],
    ]);
  });

  test('reads CRLF like LF', () => {
    const text = '# header\n\n[auto_applied]\n"a" = 1.5\n\n# "b" has its base value\n';
    expect(formatOverrideFile(parsed(text.replaceAll('\n', '\r\n')))).toBe(text);
  });

  test('reads a byte order mark as nothing', () => {
    const result = parse('\ufeff# header\n[auto_applied]\n');
    if (result.ok) expect(result.value.header).toEqual(['# header']);
    else expect(result.problems.at(-1)).toMatchObject({ code: 'OVERRIDES_REFUSE_WRITE' });
  });

  test.each([
    ['no TOML', '[auto_applied\n'],
    ['no table', 'auto_applied = 5\n'],
    ['an array of tables', '[[auto_applied]]\na = 1\n'],
    ['another table', '[auto_applied]\na = 1\n[mine]\nb = 1\n'],
    ['a key beside the table', 'x = 1\n[auto_applied]\n'],
    ['a target set twice', '[auto_applied]\n"a.b" = 1\na.b = 2\n'],
    ['a key that is no target', '[auto_applied]\n"a b" = 1\n'],
    ['an array', '[auto_applied]\na = [1]\n'],
    ['a date', '[auto_applied]\na = 2026-01-01\n'],
    ['not a number', '[auto_applied]\na = nan\n'],
    ['infinity', '[auto_applied]\na = inf\n'],
    ['minus infinity', '[auto_applied]\na = -inf\n'],
    ['minus zero, which the loader ignores', '[auto_applied]\na = -0.0\n'],
    ['a whole number that a double cannot hold', '[auto_applied]\na = 9007199254740993\n'],
    ['a float that a double cannot hold', '[auto_applied]\na = 1e999\n'],
  ])('refuses to rewrite a file with %s', (_, text) => {
    const result = parse(text);
    expect(result.ok).toBe(false);
    expect(result.problems.at(-1)).toMatchObject({ code: 'OVERRIDES_REFUSE_WRITE', file: 'auto.toml' });
  });

  test('writes nothing that it would refuse to read', () => {
    const value = fc.constantFrom(
      'nan',
      'inf',
      '-0.0',
      '1',
      '1.0',
      '9007199254740993',
      '"x"',
      '1e400',
      '-1e-400',
      'true',
    );
    fc.assert(
      fc.property(value, (text) => {
        const result = parse(`[auto_applied]\n"a.b" = ${text}\n`);
        if (result.ok)
          expect(parsed(formatOverrideFile(result.value)).overrides).toEqual(result.value.overrides);
      }),
    );
  });
});
