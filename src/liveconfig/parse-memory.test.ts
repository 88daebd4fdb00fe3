import { describe, expect, test } from 'vitest';
import { parseBaseConfig } from './base-config.ts';
import { parseOverrides } from './overrides.ts';
import { ParseMemory } from './parse-memory.ts';

const BASE = '[portfolio]\nleverage = 1.0\nsymbols = ["BTC/EUR", { name = "ETH" }]\n[empty]\n';
const baseOf = (text: string, file = 'config.toml') => [{ file, text }];
const treeOf = (memory: ParseMemory, text: string) => {
  const found = memory.base(baseOf(text));
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.value;
};

describe('ParseMemory', () => {
  test('answers as the parsers do, the first time and again', () => {
    const memory = new ParseMemory();
    const texts = [
      BASE,
      '',
      'x = 1\ny = 2026-01-01',
      'x = inf',
      'not toml',
      '[auto_applied]\n"a.b" = 1\n"c" = [1]',
    ];
    for (const text of [...texts, ...texts]) {
      expect(memory.base(baseOf(text))).toEqual(parseBaseConfig(baseOf(text)));
      expect(memory.overrides(text, 'auto_applied', 'a.toml')).toEqual(
        parseOverrides(text, 'auto_applied', 'a.toml'),
      );
    }
  });

  test('parses an equal text once, another text, file or number of layers anew', () => {
    const memory = new ParseMemory();
    const first = treeOf(memory, BASE);
    expect(treeOf(memory, [...BASE].join(''))).toBe(first);
    expect(memory.base(baseOf(BASE, 'other.toml'))).not.toMatchObject({
      value: expect.toSatisfy((tree) => tree === first),
    });
    expect(treeOf(memory, BASE.replace('1.0', '2.0'))).toMatchObject({ portfolio: { leverage: 2 } });
    const layered = memory.base([
      ...baseOf(BASE),
      { file: 'layer.toml', text: '[portfolio]\nleverage = 3.0' },
    ]);
    expect(layered).toMatchObject({ value: { portfolio: { leverage: 3 } } });
    const table = '[overrides]\n"a.b" = 1\n[auto_applied]\n"a.b" = 2\n';
    const values = (['overrides', 'auto_applied'] as const).map((name) => memory.overrides(table, name, 'f'));
    expect(values.map((found) => found.ok && found.value.get('a.b'))).toEqual([1n, 2n]);
  });

  test('keeps nothing that can be altered', () => {
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(treeOf(new ParseMemory(), BASE))).toBe(true);
    const raw = new ParseMemory().overrides('[auto_applied]\n"a.b" = [{ c = [1] }]', 'auto_applied', 'f');
    expect(raw.ok && isFrozen(raw.value.get('a.b'))).toBe(true);
  });

  test.each([
    ['a date, which can be set even when frozen', '[t]\nlist = [2026-01-01]'],
    ['a text beyond 256 Ki characters', `# ${'x'.repeat(256 * 1024)}\nx = 1`],
  ])('does not keep %s', (_, text) => {
    const memory = new ParseMemory();
    expect(treeOf(memory, text)).not.toBe(treeOf(memory, text));
  });

  test('does not keep what has problems', () => {
    const memory = new ParseMemory();
    const read = () => memory.overrides('[auto_applied]\n"a b" = 1', 'auto_applied', 'f');
    expect(read()).not.toBe(read());
    expect(memory.base(baseOf('x = nan'))).not.toBe(memory.base(baseOf('x = nan')));
  });

  test('forgets the oldest of more than eight texts', () => {
    const memory = new ParseMemory();
    const first = treeOf(memory, 'x = 0');
    for (let i = 1; i < 8; i += 1) treeOf(memory, `x = ${i}`);
    expect(treeOf(memory, 'x = 0')).toBe(first);
    treeOf(memory, 'x = 8');
    expect(treeOf(memory, 'x = 0')).not.toBe(first);
  });
});
