import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { parseOverrides } from './overrides.ts';
import { formatTomlString } from './toml.ts';

const parse = (text: string) => {
  const result = parseOverrides(text, 'auto_applied', 'auto.toml');
  return {
    values: result.ok ? [...result.value] : null,
    problems: result.problems.map(({ code, severity }) => [code, severity]),
  };
};

describe('parseOverrides', () => {
  test.each([
    ['quoted', '"a.b" = 1'],
    ['unquoted', 'a.b = 1'],
    ['half quoted', 'a."b" = 1'],
    ['literal', "'a.b' = 1"],
    ['inline', 'a = { b = 1 }'],
    ['nested', '[auto_applied.a]\nb = 1'],
  ])('flattens a %s key', (_, line) => {
    expect(parse(`[auto_applied]\n${line}\n`)).toEqual({ values: [['a.b', 1n]], problems: [] });
  });

  test('keeps values of any type, and their order', () => {
    expect(parse('[auto_applied]\nz = [1]\na = "x"\nm = 1.0').values).toEqual([
      ['z', [1n]],
      ['a', 'x'],
      ['m', 1],
    ]);
  });

  test.each(['"a.b" = 1\na.b = 2', '"a.b" = 1\n[auto_applied.a]\nb = 1', 'a = { "b.c" = 1 }\n"a.b.c" = 1'])(
    'uses neither of two lines for one target: %j',
    (lines) => {
      expect(parse(`[auto_applied]\nother = 1\n${lines}`)).toMatchObject({
        problems: [['OVERRIDE_AMBIGUOUS', 'error']],
      });
    },
  );

  test('leaves out what is no target, and reads the rest', () => {
    const text =
      '[auto_applied]\n"a b" = 1\n"__proto__.x" = 1\n"" = 1\nok = 2\n"x\\ny" = 1\n[auto_applied.constructor]\ny = 1';
    const { values, problems } = parse(text);
    expect(values).toEqual([['ok', 2n]]);
    expect(problems).toEqual(Array.from({ length: 5 }, () => ['TARGET_INVALID', 'error']));
  });

  test('reads nothing outside its table', () => {
    expect(parse('"portfolio.leverage" = 3.0\n[portfolio]\nleverage = 3.0\n[overrides]\nx = 1')).toEqual({
      values: [],
      problems: [['OVERRIDES_TABLE_MISSING', 'warning']],
    });
  });

  test('has nothing to say about an empty file', () => {
    expect(parse('\n \n')).toEqual({ values: [], problems: [] });
    expect(parse('[auto_applied]\n')).toEqual({ values: [], problems: [] });
  });

  test.each(['auto_applied = 5', 'auto_applied = "x"', 'auto_applied = []', '[[auto_applied]]\na = 1'])(
    'refuses %j, which is no table',
    (text) => expect(parse(text)).toEqual({ values: [], problems: [['OVERRIDES_NOT_A_TABLE', 'error']] }),
  );

  test('fails on what is not TOML', () => {
    expect(parse('[auto_applied\n')).toEqual({ values: null, problems: [['TOML_INVALID', 'error']] });
  });

  test.each([
    ['dotted keys', `[auto_applied]\n${'a.'.repeat(50_000)}a = 1`],
    ['table names', `[auto_applied.${'a.'.repeat(50_000)}a]\nb = 1`],
    ['arrays', `[auto_applied]\na = ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['inline tables', `[auto_applied]\na = ${'{a='.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ])('never throws, on 50,000 nested %s neither', (_, text) => {
    const { values, problems } = parse(text);
    expect(values ?? []).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });

  test.each(HOSTILE_TEXTS.filter(({ text }) => !/\p{Cs}/u.test(text)))(
    'never throws on a key of $name',
    ({ text }) => {
      const { values } = parse(`[auto_applied]\n${formatTomlString(text)} = 1\n`);
      for (const [target] of values ?? []) expect(target).toMatch(/^[A-Za-z0-9_.-]{1,200}$/);
    },
  );
});
