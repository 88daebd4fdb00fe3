import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../test/support/builders/at.ts';
import {
  buildEvidencePatch,
  buildHealthSignal,
  buildSignal,
  evidenceOf,
} from '../../test/support/builders/evidence.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { MAX_JSON_VALUES } from '../kernel/json.ts';
import { Evidence, MAX_REPORTED_PROBLEMS } from './evidence.ts';

const problemsOf = (evidence: Evidence) =>
  evidence.problems.map(({ code, file, line, column }) => [code, file, line, column]);

describe('Evidence.addDocument', () => {
  test('reads every document around a broken one', () => {
    const evidence = evidenceOf({
      'a.json': buildSignal(),
      'b.json': '{"a": ',
      'c.json': buildEvidencePatch({ target: 'a.b' }),
    });
    expect(evidence.table.targets()).toEqual(['a.b', 'portfolio.leverage']);
    expect(problemsOf(evidence)).toEqual([['JSON_INVALID', 'b.json', 1, 7]]);
  });

  test('says where a document is broken', () => {
    expect(problemsOf(evidenceOf({ 'a.json': '{\n  "a" 1\n}' }))).toEqual([['JSON_INVALID', 'a.json', 2, 7]]);
    expect(problemsOf(evidenceOf({ 'a.json': '\ufeff{\n  "a" 1\n}' }))).toEqual([
      ['JSON_INVALID', 'a.json', 2, 7],
    ]);
  });

  test('reads NaN as not measured, and warns', () => {
    const text = '{"target":"a.b","new_value":1,"confidence":NaN,"metrics":{"sharpe":NaN,"x":-Infinity}}';
    const evidence = evidenceOf({ 'a.json': text });
    expect(evidence.problems).toMatchObject([
      { code: 'JSON_NON_FINITE', severity: 'warning', args: { count: '3' } },
    ]);
    expect(evidence.table.rowsOf('a.b')[0]?.confidence).toBeNull();
  });

  test('does not take a confidence of NaN for that of the signal', () => {
    const text =
      '{"source":"x","confidence":0.95,"recommended_changes":[{"target":"a.b","new_value":1,"confidence":NaN}]}';
    expect(evidenceOf({ 'a.json': text }).table.rowsOf('a.b')[0]?.confidence ?? null).toBeNull();
  });

  test.each(HOSTILE_TEXTS)('never throws, on $name neither', ({ text }) => {
    expect(() =>
      evidenceOf({ [text]: text, 'a.json': JSON.stringify({ target: text, new_value: text, source: text }) }),
    ).not.toThrow();
  });

  test('reads a document with NaN beside a long text', () => {
    const evidence = evidenceOf({
      'a.json': `[{"x":NaN,"y":"${'x'.repeat(16_000_000)}"},{"target":"a.b","new_value":1}]`,
    });
    expect(evidence.table.size).toBe(1);
  });
});

describe('Evidence.findExcess', () => {
  /** Patches of so many targets in turn. */
  const filled = (count: number, targets: number, maxWeightBytes: number) => {
    const evidence = new Evidence(NOW, maxWeightBytes);
    const file = evidence.addFile('a.jsonl', null);
    for (let i = 0; i < count; i += 1) {
      const patch = { target: `a.b${i % targets}`, new_value: i };
      evidence.addLine(file, i + 1, JSON.stringify(patch), false);
    }
    return evidence;
  };

  test('is null as long as all evidence is kept', () => {
    const evidence = filled(1000, 10, 2 ** 20);
    expect(evidence.findExcess()).toBeNull();
    expect(evidence.table.size).toBe(1000);
  });

  test.each([
    ['changes of one target', 1],
    ['changes of few targets', 100],
    ['targets', 1_000_000],
  ])('tells when there are too many %s, and keeps no more', (_, targets) => {
    const evidence = filled(20_000, targets, 2 ** 20);
    expect(evidence.findExcess()).toMatchObject({ code: 'EVIDENCE_LIMIT', args: { limit: '1' } });
    expect(evidence.table.size).toBeLessThan(2 ** 20 / 100);
    expect(evidence.table.weightBytes).toBeLessThan(2 ** 20 + 2000);
  });

  test('counts long texts for what they take', () => {
    const evidence = new Evidence(NOW, 2 ** 20);
    const file = evidence.addFile('a.jsonl', null);
    for (let i = 0; i < 600; i += 1) {
      const patch = { target: 'a.b', new_value: `${i}${'x'.repeat(1000)}` };
      evidence.addLine(file, i + 1, JSON.stringify(patch), false);
    }
    expect(evidence.findExcess()?.code).toBe('EVIDENCE_LIMIT');
    expect(evidence.table.size).toBeLessThan(600);
  });

  test('does not count what is said again without a change, or is broken', () => {
    const evidence = new Evidence(NOW, 2 ** 20);
    const file = evidence.addFile('a.jsonl', null);
    for (let i = 0; i < 20_000; i += 1) evidence.addLine(file, i + 1, '{"target":"a.b"}', false);
    expect(evidence.findExcess()).toBeNull();
  });
});

describe('one text of too many values', () => {
  const text = `[${Array(MAX_JSON_VALUES).fill('[]').join(',')}]`;

  test('is no evidence as a document; the others are read', () => {
    const evidence = evidenceOf({ 'a.json': text, 'b.json': buildSignal() });
    expect(evidence.problems.map(({ code, file }) => [code, file])).toEqual([
      ['JSON_TOO_MANY_VALUES', 'a.json'],
    ]);
    expect(evidence.table.size).toBe(1);
  });

  test.each([false, true])('is no evidence as a line (the last: %s)', (last) => {
    const evidence = new Evidence(NOW);
    evidence.addLine(evidence.addFile('a.jsonl', null), 7, text, last);
    expect(evidence.problems.map(({ code, line }) => [code, line])).toEqual([['JSON_TOO_MANY_VALUES', 7]]);
  });
});

describe('Evidence.addLine', () => {
  const lines = (...texts: readonly string[]) => {
    const evidence = new Evidence(NOW);
    const file = evidence.addFile('a.jsonl', null);
    texts.forEach((text, i) => void evidence.addLine(file, i + 1, text, i === texts.length - 1));
    return evidence;
  };

  test('reads every line around a broken one', () => {
    const evidence = lines(
      '{"target":"a.a","new_value":1}',
      '{oops}',
      '',
      '  ',
      '{"target":"a.b","new_value":1}\r',
      '',
    );
    expect(evidence.table.targets()).toEqual(['a.a', 'a.b']);
    expect(evidence.table.rowsOf('a.b')[0]?.line).toBe(5);
    expect(problemsOf(evidence)).toMatchObject([['JSON_INVALID', 'a.jsonl', 2, expect.anything()]]);
  });

  test('reads every line around one whose fields are traps', () => {
    const trap = '{"target":"a.x","new_value":1,"data_start":{"toString":1}}';
    expect(
      lines('{"target":"a.a","new_value":1}', trap, '{"target":"a.b","new_value":1}', '').table.targets(),
    ).toContain('a.b');
  });

  test('tells a last line that is cut off from a broken one', () => {
    expect(problemsOf(lines('{"target":"a.a","new_value":1}', '{"target":"a.b","ne'))).toEqual([
      ['JSON_TRUNCATED', 'a.jsonl', 2, undefined],
    ]);
  });

  test('keeps a line separator inside a text', () => {
    const evidence = lines('{"target":"a.a","new_value":"x\u2028y"}', '');
    expect(evidence.table.rowsOf('a.a')[0]?.value).toBe('x\u2028y');
  });

  test('keeps few problems of many, and counts all', () => {
    const evidence = lines(...Array.from({ length: MAX_REPORTED_PROBLEMS + 50 }, () => '5'), '');
    expect(evidence.problems).toHaveLength(MAX_REPORTED_PROBLEMS);
    expect(evidence.problemCount).toBe(MAX_REPORTED_PROBLEMS + 50);
  });
});

describe('Evidence: dates', () => {
  test.each([
    ['2026-11-22T03:05:00Z', true],
    ['2026-11-22T03:05:00.001Z', false],
    ['2026-11-22T05:04:00+02:00', true],
    ['2026-11-22T05:06:00', false],
    ['2999-01-01', false],
    ['1970-01-01', true],
  ])('at 03:00, counts a signal of %s: %s', (created_at, counts) => {
    const evidence = evidenceOf({ 'a.json': buildSignal({ created_at }) });
    expect(evidence.table.size).toBe(counts ? 1 : 0);
    expect(evidence.problems.map(({ code }) => code)).toEqual(counts ? [] : ['SIGNAL_FROM_FUTURE']);
  });

  test('takes no health score from the future', () => {
    expect(
      evidenceOf({ 'a.json': buildHealthSignal(99, { created_at: '2026-11-22T03:06:00Z' }) }).latestHealth,
    ).toBeNull();
  });

  test('counts a signal without a date as undated', () => {
    const evidence = evidenceOf({ 'a.json': buildSignal({ created_at: undefined }) });
    expect(evidence.table.rowsOf('portfolio.leverage')[0]?.time).toBeNull();
    expect(evidence.problems).toEqual([]);
  });
});

describe('Evidence: test health', () => {
  const [early, late] = ['2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'];
  const documents = {
    'a.json': buildHealthSignal(90, { created_at: early }),
    'b.json': buildHealthSignal(60, { created_at: late }),
    'c.json': buildHealthSignal(95, { created_at: late }),
    'd.json': buildHealthSignal(60, { created_at: late, expires_at: '2026-11-23T00:00:00Z' }),
  };

  test('is the newest score, of several the lowest, and of these the first to expire, in any order', () => {
    const expected = { score: 60, time: at(late), expiresAt: at('2026-11-23T00:00:00Z') };
    expect(evidenceOf(documents).latestHealth).toEqual(expected);
    expect(evidenceOf(Object.fromEntries(Object.entries(documents).reverse())).latestHealth).toEqual(
      expected,
    );
  });

  test('is none without a report', () => {
    expect(evidenceOf({ 'a.json': buildSignal() }).latestHealth).toBeNull();
  });
});

describe('Evidence: ids', () => {
  test('warns of one id with two contents, and counts both', () => {
    const evidence = evidenceOf({
      'a.json': buildSignal(),
      'b.json': buildSignal({ recommended_changes: [{ target: 'portfolio.leverage', new_value: 1.5 }] }),
    });
    expect(evidence.problems).toMatchObject([
      {
        code: 'SIGNAL_ID_CLASH',
        severity: 'warning',
        file: 'b.json',
        args: { id: 'backtest-1', other: 'a.json' },
      },
    ]);
    expect(evidence.table.size).toBe(2);
  });

  test('says nothing about the same content twice', () => {
    expect(evidenceOf({ 'a.json': buildSignal(), 'b.json': buildSignal() }).problems).toEqual([]);
  });

  test('does the same for patches', () => {
    const evidence = evidenceOf({
      'a.json': buildEvidencePatch(),
      'b.json': buildEvidencePatch({ new_value: 1.1 }),
    });
    expect(evidence.problems.map(({ code }) => code)).toEqual(['SIGNAL_ID_CLASH']);
  });
});
