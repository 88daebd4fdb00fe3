import type { ChecklistTask } from '../governance/index.ts';

/**
 * Ticks that survive an update: those of changes that are the same, old value and new; the general questions only when all
 * changes are, because they are about all of them.
 */
export function keepTicks(
  tasks: readonly ChecklistTask[],
  before: readonly ChecklistTask[],
): readonly ChecklistTask[] {
  const known = new Map(before.map((task) => [task.id, task]));
  const changes = tasks.filter(isChange);
  const sameChanges =
    before.filter(isChange).length === changes.length &&
    changes.every(({ id, text }) => known.get(id)?.text === text);
  return tasks.map((task) => {
    const old = known.get(task.id);
    const isSame = old !== undefined && (isChange(task) ? old.text === task.text : sameChanges);
    return { ...task, ticked: isSame && old.ticked };
  });
}

function isChange({ id }: ChecklistTask): boolean {
  return id.startsWith('change:');
}
