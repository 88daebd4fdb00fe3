import { expect, test } from 'vitest';
import { type Change, tasksOf } from '../governance/index.ts';
import { keepTicks } from './keep-ticks.ts';

const change = (target: string, next: number, old = 1): Change => ({ target, type: 'float', old, new: next });
const ticked = (changes: readonly Change[]) => tasksOf(changes).map((task) => ({ ...task, ticked: true }));
const ticksOf = (now: readonly Change[], before: readonly Change[]) =>
  keepTicks(tasksOf(now), ticked(before)).flatMap((task) => (task.ticked ? [task.id] : []));

test('keepTicks keeps all when all changes are the same', () => {
  expect(ticksOf([change('a.b', 2)], [change('a.b', 2)])).toHaveLength(6);
});

test('keepTicks keeps the ticks of equal changes only, and no general one, when another changed', () => {
  const before = [change('a.b', 2), change('a.c', 3)];
  expect(ticksOf([change('a.b', 2), change('a.c', 4)], before)).toEqual(['change:a.b:2.0']);
  expect(ticksOf([change('a.b', 2)], before)).toEqual(['change:a.b:2.0']);
  expect(ticksOf([...before, change('a.d', 1)], before)).toEqual(['change:a.b:2.0', 'change:a.c:3.0']);
});

test('keepTicks clears a change from another live value', () => {
  expect(ticksOf([change('a.b', 2, 1.5)], [change('a.b', 2, 1)])).toEqual([]);
});

test('keepTicks never ticks what was not', () => {
  expect(keepTicks(tasksOf([change('a.b', 2)]), tasksOf([change('a.b', 2)])).some(({ ticked: t }) => t)).toBe(
    false,
  );
});
