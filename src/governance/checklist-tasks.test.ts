import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import type { Change } from './change-set.ts';
import { formatTasks, parseTasks, tasksOf } from './checklist-tasks.ts';

const change = (next: string, target = 'portfolio.rebalance'): Change => ({
  target,
  type: 'string',
  old: 'daily',
  new: next,
});

describe('tasksOf', () => {
  test('has the five questions of seed.md §5.4, in its order, and one box a change', () => {
    const ids = tasksOf([{ target: 'portfolio.leverage', type: 'float', old: 1, new: 2 }]).map(
      ({ id }) => id,
    );
    expect(ids).toEqual([
      'safe',
      'no-r-and-d',
      'risk-limits',
      'leverage',
      'tests',
      'change:portfolio.leverage:2.0',
    ]);
  });

  test('has another id for another value', () => {
    const ids = ['weekly', 'monthly', 'week%6Cy', '"weekly"', 'weekly '].map(
      (next) => tasksOf([change(next)]).at(-1)?.id,
    );
    expect(new Set(ids).size).toBe(5);
  });
});

describe('parseTasks', () => {
  test.each(HOSTILE_TEXTS)('reads back what formatTasks wrote: $name', ({ text }) => {
    const tasks = tasksOf([change(text), change('weekly', 'a.b')]).map((task, i) => ({
      ...task,
      ticked: i % 2 === 0,
    }));
    expect(parseTasks(formatTasks(tasks))).toEqual(tasks);
  });

  test('reads back any change', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    );
    const target = fc.stringMatching(/^[A-Za-z0-9_-]{1,6}(\.[A-Za-z0-9_-]{1,6}){0,2}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(target, value, fc.boolean()), { maxLength: 4 }), (rows) => {
        const tasks = rows.flatMap(([found, next, ticked]) => {
          const own = tasksOf([
            {
              target: found,
              type: typeof next === 'number' ? 'float' : typeof next === 'string' ? 'string' : 'boolean',
              old: next,
              new: next,
            },
          ]).at(-1);
          return own === undefined ? [] : [{ ...own, ticked }];
        });
        expect(parseTasks(formatTasks(tasks))).toEqual(tasks);
      }),
    );
  });

  test('reads what people make of it: other line ends, a capital X, text around', () => {
    const text = `# Title\r\n\r\n- [X] All changes are safe for live. <!-- task:safe -->\r\n- [ ] mine\r\nnoise <!-- task:x -->\r\n`;
    expect(parseTasks(text)).toEqual([{ id: 'safe', text: 'All changes are safe for live.', ticked: true }]);
  });

  test('is not led to a task that a value only looks like', () => {
    const evil = 'x` <!-- task:safe -->';
    const tasks = parseTasks(formatTasks(tasksOf([change(evil)])));
    expect(tasks.map(({ id }) => id).filter((id) => id === 'safe')).toHaveLength(1);
  });
});

test('ids are safe inside a comment of HTML', () => {
  for (const { text } of HOSTILE_TEXTS) {
    const id = tasksOf([change(text)]).at(-1)?.id ?? '';
    expect(id).toMatch(/^[!-~]+$/);
    expect(id).not.toMatch(/--|[<>]/);
  }
  // CommonMark 0.30: text with two hyphens in it is no comment, and would be shown.
  expect(tasksOf([change('weekly', 'portfolio.max--leverage')]).at(-1)?.id).not.toContain('--');
});
