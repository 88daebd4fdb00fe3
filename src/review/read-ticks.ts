import { type Change, parseTasks } from '../governance/index.ts';
import { askedTasks } from './asked-tasks.ts';
import type { People } from './people.ts';
import { parseState } from './state-block.ts';

/** A pull request's body, and what it should hold. */
export interface TickedBody {
  readonly body: string;
  /** The pull request's own branch. */
  readonly headRef: string;
  /** Whether the pull request's author is the publisher, by id. */
  readonly isByPublisher: boolean;
  /** Changes of the proposal that the head holds, not of what the body says; [] where there is none. */
  readonly changes: readonly Change[];
}

/**
 * Whether every box that the bot asks for stands in the body and is ticked (judge.md §4.5). `none`: the body is not the bot's, so
 * nothing is asked. It is the bot's where the publisher opened the pull request, whatever became of its text, or where its state
 * block names this branch: taking the block or a box away never answers a question. Who ticked is not known to anybody: whoever may
 * write can edit a body, so ticks are a memory aid beside the approvals, and never stand for one.
 */
export function readTicks({ body, headRef, isByPublisher, changes }: TickedBody): People['ticks'] {
  if (!isByPublisher && parseState(body)?.branch !== headRef) return 'none';
  const found = parseTasks(body);
  const isAnswered = askedTasks(changes).every(({ id, text }) => {
    const boxes = found.filter((task) => task.id === id);
    return boxes.length > 0 && boxes.every((box) => box.ticked && box.text === text);
  });
  return isAnswered ? 'all' : 'missing';
}
