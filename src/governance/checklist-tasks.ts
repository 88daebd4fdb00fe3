import { formatScalar } from '../kernel/scalar.ts';
import { markdownLineCode } from '../kernel/text/escape-markdown.ts';
import type { Change } from './change-set.ts';

/** One box to tick. The id names what is ticked, so that a tick can survive an update that leaves it the same. */
export interface ChecklistTask {
  readonly id: string;
  readonly text: string;
  readonly ticked: boolean;
}

/** The questions of seed.md §5.4, in its order. */
const GENERAL: readonly ChecklistTask[] = [
  { id: 'safe', text: 'All changes are safe for live.', ticked: false },
  { id: 'no-r-and-d', text: 'No R&D strategies are contained.', ticked: false },
  { id: 'risk-limits', text: 'Risk limits are kept.', ticked: false },
  { id: 'leverage', text: 'Leverage is within bounds.', ticked: false },
  { id: 'tests', text: 'Test health and backtests are done.', ticked: false },
];

/** The boxes of a proposal: the general questions, then one per change. */
export function tasksOf(changes: readonly Change[]): readonly ChecklistTask[] {
  const own = changes.map(({ target, type, old, new: next }) => ({
    id: `change:${target}:${encodeURIComponent(formatScalar(next, type))}`.replaceAll('-', '%2D'),
    text: `${markdownLineCode(target)}: ${markdownLineCode(formatScalar(old, type))} → ${markdownLineCode(formatScalar(next, type))} is right.`,
    ticked: false,
  }));
  return [...GENERAL, ...own];
}

/** A Markdown task list; ids stand in comments. `parseTasks(formatTasks(x)) = x`. */
export function formatTasks(tasks: readonly ChecklistTask[]): string {
  return tasks
    .map(({ id, text, ticked }) => `- [${ticked ? 'x' : ' '}] ${text} <!-- task:${id} -->`)
    .join('\n');
}

const TASK = /^- \[([ xX])\] (.*) <!-- task:([^\s]+) -->$/;

/** The boxes found in a text that people may have edited; lines that are none are passed over. */
export function parseTasks(text: string): readonly ChecklistTask[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = TASK.exec(line);
    return match === null ? [] : [{ ticked: match[1] !== ' ', text: match[2] ?? '', id: match[3] ?? '' }];
  });
}
