import { describe, expect, test } from 'vitest';
import { instantFromMs } from '../kernel/instant.ts';
import { EvidenceMemo } from './evidence-memo.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const at = (minutes: number) => instantFromMs(NOON + minutes * MINUTE);

const patch = (value: number, minutes: number) =>
  JSON.stringify({
    target: 'portfolio.leverage',
    new_value: value,
    generated_at: new Date(NOON + minutes * MINUTE).toISOString(),
  });
const PATH = 'reports/learning_snippets/a.json';
const texts = (text: string, path = PATH) => new Map([[path, text]]);

describe('EvidenceMemo', () => {
  test('reads the same texts once, also from another map and among other files', () => {
    const memo = new EvidenceMemo();
    const first = memo.read(texts(patch(1.1, 0)), at(10));
    expect(first.table.size).toBe(1);
    expect(memo.read(new Map([['config/config.toml', ''], ...texts(patch(1.1, 0))]), at(60))).toBe(first);
  });

  test.each([
    ['another byte', texts(patch(1.2, 0))],
    ['another path', texts(patch(1.1, 0), 'reports/learning_snippets/b.json')],
    [
      'one more',
      new Map([...texts(patch(1.1, 0)), ...texts(patch(1.1, 1), 'reports/learning_snippets/b.json')]),
    ],
    ['none', new Map<string, string>()],
  ])('reads anew for %s', (_, other) => {
    const memo = new EvidenceMemo();
    const first = memo.read(texts(patch(1.1, 0)), at(10));
    expect(memo.read(other, at(10))).not.toBe(first);
  });

  test('a date that is in the future at one time, and not at the other, is read at each', () => {
    const memo = new EvidenceMemo();
    const input = texts(patch(1.1, 30));
    const sizeAt = (minutes: number) => memo.read(input, at(minutes)).table.size;
    expect([24, 25, 24, 60, 26, 0].map(sizeAt)).toEqual([0, 1, 0, 1, 1, 0]);
  });

  test('keeps the two of one judgement', () => {
    const memo = new EvidenceMemo();
    const [one, two, three] = [1.1, 1.2, 1.3].map((value) => texts(patch(value, 0)));
    const first = memo.read(one ?? new Map(), at(10));
    memo.read(two ?? new Map(), at(10));
    expect(memo.read(one ?? new Map(), at(10))).toBe(first);
    memo.read(two ?? new Map(), at(10));
    memo.read(three ?? new Map(), at(10));
    expect(memo.read(one ?? new Map(), at(10))).not.toBe(first);
  });
});
