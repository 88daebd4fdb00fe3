import { type Change, type ChecklistTask, formatTasks, tasksOf } from '../governance/index.ts';
import { sha256Hex } from '../kernel/digest.ts';

/** Room for boxes in a body of 60,000 bytes: the table before them and what follows have some, too. */
const MAX_BOXES_BYTES = 20_000;

/**
 * The boxes that a promotion's body asks for: the general questions and one per change; changes beyond what a body holds share one,
 * which names them all by digest. A function of the changes alone, so that whoever reads a body knows what had to be in it.
 */
export function askedTasks(changes: readonly Change[]): readonly ChecklistTask[] {
  const all = tasksOf(changes);
  let room = MAX_BOXES_BYTES;
  const first = all.findIndex((task) => {
    room -= new TextEncoder().encode(formatTasks([task])).length + 1;
    return room < 0;
  });
  if (first === -1) return all;
  const rest = all.slice(first);
  const shared: ChecklistTask = {
    id: `change:rest:${sha256Hex(formatTasks(rest))}`,
    text: `The other ${rest.length} changes, in OPERATOR_CHECKLIST.md, are right.`,
    ticked: false,
  };
  return [...all.slice(0, first), shared];
}
