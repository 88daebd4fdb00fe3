import { type HoldWord, parseCommand, parseHoldRecord } from '../review/index.ts';
import { findOperators } from './find-operators.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullComment } from './pull-reader-port.ts';

/**
 * Whether an operator's hold stands: the latest word wins, and a record counts where the comment stood that it answers, so that a late or
 * repeated delivery changes nothing. Words are operators' own commands that nobody has edited, and the judge's
 * records of them, so that deleting one of the two changes nothing; a record that somebody edited is unknown, and unknown means held.
 */
export async function isHeld(
  desk: Pick<JudgeDesk, 'access' | 'memory' | 'identities'>,
  comments: readonly PullComment[],
  operators: readonly string[],
): Promise<boolean> {
  const commanders = comments.filter((comment) => commandOf(comment) !== null).map(({ author }) => author);
  const known = await findOperators(desk, operators, commanders);
  const words = comments.flatMap((comment): readonly Said[] => {
    if (comment.author.id === desk.identities.judge.id) return recordOf(comment);
    const word = known.has(comment.author.id) ? commandOf(comment) : null;
    return word === null ? [] : [{ word, at: comment.id }];
  });
  return words.toSorted((a, b) => a.at - b.at).at(-1)?.word === 'hold';
}

/** A word, and the id of the comment that said it: GitHub counts upwards. */
interface Said {
  readonly word: HoldWord;
  readonly at: number;
}

function commandOf({ author, body, isEdited }: PullComment): HoldWord | null {
  const command = isEdited || !author.isUser ? null : parseCommand(body);
  return command?.name === 'hold' || command?.name === 'release' ? command.name : null;
}

function recordOf({ id, body, isEdited }: PullComment): readonly Said[] {
  if (isEdited) return [{ word: 'hold', at: id }];
  const record = parseHoldRecord(body);
  return record === null ? [] : [{ word: record.word, at: record.comment ?? id }];
}
