import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { problem, warning } from '../kernel/problem.ts';
import { formatPlace, formatProblem, formatProblems, problemToJson } from './problem-text.ts';

describe('formatProblem', () => {
  test('says what, where, why and what to do', () => {
    const found = problem(
      'KEY_UNKNOWN',
      { key: 'lok', suggestion: 'lock', known: 'mode, lock' },
      { file: 'p.toml', line: 3, column: 1 },
    );
    expect(formatProblem(found)).toBe('error: p.toml:3:1: unknown key "lok"\n  help: did you mean "lock"?');
  });

  test('says less where less is known', () => {
    expect(formatProblem(warning('JSON_NON_FINITE', { count: '2' }))).toMatch(/^warning: 2 NaN/);
    expect(formatPlace({})).toBe('');
    expect(formatPlace({ file: 'a', line: 2 })).toBe('a:2');
  });

  test.each(HOSTILE_TEXTS)('is one line and its help, whatever it names: $name', ({ text }) => {
    const found = problem(
      'KEY_UNKNOWN',
      { key: text, suggestion: text, known: text },
      { file: text, line: 1, column: 1 },
    );
    const lines = formatProblem(found).split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      // A log of GitHub Actions obeys only what starts a line.
      expect(line.trimStart()).not.toMatch(/^(?:::|##\[)/);
    }
  });
});

describe('formatProblems', () => {
  const some = Array.from({ length: 5 }, () => problem('NO_COMMIT'));

  test('shows a few and counts the rest', () => {
    const lines = formatProblems(some, 2, 5)
      .split('\n')
      .filter((line) => !line.includes('help:'));
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('3 more');
  });

  test('shows all when there are few', () => {
    expect(formatProblems(some, 9, 5)).not.toContain('more');
    expect(formatProblems([], 9, 0)).toBe('');
  });

  test('says that not even --json has those that were only counted', () => {
    expect(formatProblems(some, 2, 5000)).toContain('4998 more');
    expect(formatProblems(some, 2, 5000)).toContain('the first 5');
  });
});

test('problemToJson has code and words', () => {
  expect(problemToJson(problem('NO_COMMIT', {}, { file: 'a' }))).toMatchObject({
    code: 'NO_COMMIT',
    severity: 'error',
    file: 'a',
  });
});
