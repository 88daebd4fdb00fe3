import { describe, expect, test } from 'vitest';
import { listParameters, parseBaseConfig, valueAt, withValues } from './base-config.ts';
import type { TomlTable } from './toml.ts';

const parsed = (...texts: readonly string[]): TomlTable => {
  const result = parseBaseConfig(texts.map((text, i) => ({ file: `layer${i}.toml`, text })));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};
const problems = (...texts: readonly string[]) =>
  parseBaseConfig(texts.map((text, i) => ({ file: `layer${i}.toml`, text }))).problems;

describe('parseBaseConfig', () => {
  test('lets later layers win, key by key', () => {
    const base = parsed(
      'a = 1\n[t]\nx = 1\ny = 1\n[t.deep]\nz = 1',
      '[t]\nx = 2\n[t.deep]\nw = 3',
      '[t]\nx = 3.0',
    );
    expect(base).toEqual({ a: 1n, t: { x: 3, y: 1n, deep: { z: 1n, w: 3n } } });
  });

  test('lets a layer replace a value by a table and the other way round', () => {
    expect(parsed('[t]\nx = 1\ny = { z = 1 }', '[t]\nx = { a = 1 }\ny = 2')).toEqual({
      t: { x: { a: 1n }, y: 2n },
    });
  });

  test('names every broken layer and every number that cannot be used', () => {
    const found = problems('a = nan\nb = [1, -inf]\n[t]\nc = 9007199254740992', 'x = ', 'd = { e = inf }');
    expect(found.map(({ code, file, args }) => [code, file, args['key']])).toEqual([
      ['BASE_KEY_INVALID', 'layer0.toml', 'a'],
      ['BASE_KEY_INVALID', 'layer0.toml', 'b[1]'],
      ['BASE_KEY_INVALID', 'layer0.toml', 't.c'],
      ['TOML_INVALID', 'layer1.toml', undefined],
      ['BASE_KEY_INVALID', 'layer2.toml', 'd.e'],
    ]);
  });

  test.each(['9007199254740991', '-9007199254740991', '0', '1e308'])('takes %s', (number) => {
    expect(problems(`a = ${number}`)).toEqual([]);
  });

  test('takes a key called __proto__ for a key', () => {
    const base = parsed('[__proto__]\nx = 1', '[__proto__]\ny = 2');
    expect(Object.keys(base)).toEqual(['__proto__']);
    expect(valueAt(base, '__proto__.y')).toBe(2n);
    expect(({} as { x?: bigint }).x).toBeUndefined();
  });

  test('fails with a problem on a depth bomb, in whatever form', () => {
    for (const text of [`${'a.'.repeat(50_000)}a = 1`, `[${'a.'.repeat(50_000)}a]\nb = 1`]) {
      const result = parseBaseConfig([{ file: 'config.toml', text }]);
      if (result.ok) expect(listParameters(result.value).size).toBe(0);
      else expect(result.problems[0]).toMatchObject({ severity: 'error', file: 'config.toml' });
    }
  });
});

describe('listParameters', () => {
  test('lists scalars that a target can name, in the order of the file', () => {
    const base = parsed(
      'z = 1\n"a.b" = 2\n"ü" = 3\nlist = [1]\nday = 2026-01-01\n[t]\nf = 1.0\ns = "x"\nb = true',
    );
    expect([...listParameters(base)]).toEqual([
      ['z', { type: 'integer', value: 1 }],
      ['t.f', { type: 'float', value: 1 }],
      ['t.s', { type: 'string', value: 'x' }],
      ['t.b', { type: 'boolean', value: true }],
    ]);
  });

  test('leaves out what could reach a prototype', () => {
    expect([
      ...listParameters(parsed('[__proto__]\na = 1\n[constructor]\nb = 1\n[t.prototype]\nc = 1')).keys(),
    ]).toEqual([]);
  });
});

test.each(['toString', 't.constructor', 't.x.y', 't.missing', 'x', ''])(
  'valueAt finds nothing at %s',
  (target) => {
    expect(valueAt(parsed('[t]\nx = 1'), target)).toBeUndefined();
  },
);

describe('withValues', () => {
  test('replaces and creates, and leaves the original alone', () => {
    const base = parsed('[t]\nx = 1\ny = 1\n[u]\nz = 1');
    const before = structuredClone(base);
    const changed = withValues(base, [
      ['t.x', 2n],
      ['t.y', 3n],
      ['new.a.b', 'c'],
    ]);
    expect(changed).toEqual({ t: { x: 2n, y: 3n }, u: { z: 1n }, new: { a: { b: 'c' } } });
    expect(base).toEqual(before);
    expect(changed['u']).toBe(base['u']);
  });
});
