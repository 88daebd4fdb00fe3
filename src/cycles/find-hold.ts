import { parseCommand, parseHoldRecord } from '../review/index.ts';
import { findOperators } from './find-operators.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullComment } from './pull-reader-port.ts';

/**
 * Whether an operator's hold stands: the latest word wins. Words are operators' own commands that nobody has edited, and the judge's
 * records of them, so that deleting one of the two changes nothing; a record that somebody edited is unknown, and unknown means held.
 */
export async function isHeld(
  desk: Pick<JudgeDesk, 'access' | 'memory' | 'identities'>,
  comments: readonly PullComment[],
  operators: readonly string[],
): Promise<boolean> {
  const commanders = comments.filter((comment) => commandOf(comment) !== null).map(({ author }) => author);
  const known = await findOperators(desk, operators, commanders);
  let held = false;
  for (const comment of comments) {
    const isRecord = comment.author.id === desk.identities.judge.id;
    const word = isRecord ? recordOf(comment) : known.has(comment.author.id) ? commandOf(comment) : null;
    if (word !== null) held = word === 'hold';
  }
  return held;
}

type Word = 'hold' | 'release';

function commandOf({ author, body, isEdited }: PullComment): Word | null {
  const command = isEdited || !author.isUser ? null : parseCommand(body);
  return command?.name === 'hold' || command?.name === 'release' ? command.name : null;
}

function recordOf({ body, isEdited }: PullComment): Word | null {
  const record = parseHoldRecord(body);
  if (record === null) return isEdited ? 'hold' : null;
  return isEdited ? 'hold' : record;
}
