import { expect, test } from 'vitest';
import { problem, warning } from './problem.ts';
import { describeProblem } from './problem-catalogue.ts';

test('problem and warning differ in severity only', () => {
  const location = { file: 'a.toml', line: 2, column: 3 };
  expect(problem('NO_COMMIT', { a: 'b' }, location)).toEqual({
    code: 'NO_COMMIT',
    severity: 'error',
    args: { a: 'b' },
    ...location,
  });
  expect(warning('NO_COMMIT').severity).toBe('warning');
});

test('describeProblem says what to do where there is something to do', () => {
  expect(
    describeProblem('KEY_UNKNOWN', { key: 'lok', suggestion: 'lock', known: 'mode, lock' }).hint,
  ).toContain('lock');
  expect(describeProblem('KEY_UNKNOWN', { key: 'x', suggestion: '', known: 'mode, lock' }).hint).toContain(
    'mode, lock',
  );
});
