import { describe, expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { evidence, governedTree } from '../../test/support/cli/governed-texts.ts';
import { formatInstant } from '../kernel/instant.ts';
import { listSignals, type SignalList } from './list-signals.ts';

const FOLDER = 'reports/learning_snippets';

function listed(files: Readonly<Record<string, string | null>>): SignalList {
  const below = Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]);
  const result = listSignals(governedTree(Object.fromEntries(below)), NOW);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const NONE = { 'health.json': null, 'leverage.json': null, 'frequency.json': null };
const health = (score: number, created_at: string, changes: readonly unknown[] = []) =>
  evidence({
    source: 'test_health',
    created_at,
    metrics: { health_score: score },
    recommended_changes: changes,
  });

describe('listSignals', () => {
  test('lists a test-health signal that recommends nothing, with its score', () => {
    const { signals, more } = listed({ ...NONE, 'h.json': health(41.5, '2026-11-21T22:00:00Z') });
    expect(more).toBe(false);
    expect(signals).toMatchObject([
      {
        file: `${FOLDER}/h.json`,
        line: 1,
        source: 'test_health',
        expired: false,
        changes: [],
        changeCount: 0,
        healthScore: 41.5,
      },
    ]);
    expect(formatInstant(signals[0]?.time ?? NOW)).toBe('2026-11-21T22:00:00Z');
  });

  test('lists one with a score and changes once', () => {
    const change = { target: 'portfolio.leverage', new_value: 1.25 };
    const { signals } = listed({ ...NONE, 'h.json': health(90, '2026-11-21T22:00:00Z', [change]) });
    expect(signals).toMatchObject([
      { healthScore: 90, changeCount: 1, changes: [{ target: change.target, value: 1.25, confidence: 0.9 }] },
    ]);
  });

  test('orders scores among the other signals, newest first, and tells which have expired', () => {
    const { signals } = listed({
      ...NONE,
      'old.json': health(90, '2026-01-01T00:00:00Z'),
      'b.json': evidence({ recommended_changes: [{ target: 'portfolio.leverage', new_value: 1.25 }] }),
      'new.jsonl': `${health(80, '2026-11-21T21:00:00Z')}\n${health(70, '2026-11-21T23:00:00Z')}\n`,
    });
    expect(signals.map(({ file, line, expired }) => [file.slice(FOLDER.length + 1), line, expired])).toEqual([
      ['new.jsonl', 2, false],
      ['b.json', 1, false],
      ['new.jsonl', 1, false],
      ['old.json', 1, true],
    ]);
  });

  test('leaves out a score that does not count: undated, or from the future', () => {
    const undated = health(90, 'never');
    const { signals, problems } = listed({
      ...NONE,
      'a.json': undated,
      'b.json': health(90, '2027-01-01T00:00:00Z'),
    });
    expect(signals).toEqual([]);
    expect(problems.map(({ code }) => code)).toContain('SIGNAL_FROM_FUTURE');
  });

  test('keeps the newest of very many, whole, and says so', () => {
    const line = (i: number) =>
      evidence({
        created_at: `2026-11-${10 + (i % 10)}T00:00:00Z`,
        recommended_changes: ['a.x', 'b.y'].map((target) => ({ target, new_value: i })),
      });
    const count = 45_000;
    const { signals, more } = listed({
      ...NONE,
      'many.jsonl': Array.from({ length: count }, (_, i) => line(i)).join('\n'),
    });
    expect(more).toBe(true);
    expect(signals).toHaveLength(20_000);
    // Lines of the five newest days, 4,500 a day: four whole days and the first 2,000 lines of the fifth.
    const days = signals.map(({ line: number }) => (number - 1) % 10);
    expect(days.filter((day) => day >= 6)).toHaveLength(18_000);
    expect(days.filter((day) => day === 5)).toHaveLength(2000);
    expect(signals.every(({ changeCount }) => changeCount === 2)).toBe(true);
    expect(signals.at(-1)?.line).toBe(2000 * 10 - 4);
  });

  test('lists the first thousand changes of one record, and how many there are', () => {
    const patches = Array.from({ length: 1500 }, (_, i) => ({ target: `a.x${i}`, new_value: i }));
    const { signals } = listed({ ...NONE, 'p.json': JSON.stringify(patches) });
    expect(signals).toHaveLength(1);
    expect(signals[0]?.changes).toHaveLength(1000);
    expect(signals[0]?.changeCount).toBe(1500);
  });
});
