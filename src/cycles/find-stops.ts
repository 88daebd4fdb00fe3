import type { Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { type HoldWord, parseCommand, parseDeclineRecord, parseHoldRecord } from '../review/index.ts';
import { answeredComment } from './answered-comment.ts';
import { findOperators } from './find-operators.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullComment, PullState } from './pull-reader-port.ts';

/** What operators' words in comments keep from being merged. */
export interface Stops {
  readonly isHeld: boolean;
  readonly declined: readonly StandingDecline[];
}

/** A "no" that no release has ended. */
export interface StandingDecline {
  readonly target: string;
  /** Null where it is not known, which is any: the judge has not answered yet. */
  readonly value: Scalar | null;
  /** Login of the operator. */
  readonly by: string;
}

/**
 * Which words of operators stand: the latest of hold and release wins, a "no" to a change stands until a later release, and a record counts
 * where the comment stood that it answers, so that a late or repeated delivery changes nothing. Words are operators' own commands that
 * nobody has edited, and the judge's records of them, so that deleting one of the two changes nothing; a record that somebody edited, or that
 * cannot be read, is unknown, and unknown means held. An operator's closing is a "no" to all of it (product.md §6), and holds what
 * somebody else opens again.
 */
export async function findStops(
  desk: Pick<JudgeDesk, 'access' | 'memory' | 'identities'>,
  { comments, closings }: Pick<PullState, 'comments' | 'closings'>,
  operators: readonly string[],
): Promise<Stops> {
  const commanders = comments.filter((comment) => commandOf(comment) !== null).map(({ author }) => author);
  const people = [...commanders, ...(closings ?? []).map(({ by }) => by).filter(({ isUser }) => isUser)];
  const known = await findOperators(desk, operators, people);
  const answered = new Set(comments.filter(isOwn(desk)).map(({ body }) => answeredComment(body)));
  const words = comments.flatMap((comment): readonly Said[] => {
    if (isOwn(desk)(comment)) return recordOf(comment);
    const word = known.has(comment.author.id) ? commandOf(comment) : null;
    const isTold = typeof word === 'object' && answered.has(comment.id);
    return word === null || isTold ? [] : [{ word, at: comment.id }];
  });
  const said = words.toSorted((a, b) => a.at - b.at);
  const closed = closings?.findLast(({ by }) => known.has(by.id));
  const isClosed =
    closings === null || (closed?.isReopening === false && !isReleasedAfter(closed.at, said, comments));
  const { isHeld, declined } = standing(said);
  return { isHeld: isHeld || isClosed, declined };
}

/** GitHub tells times to the second: what was said in the same one came before. */
function isReleasedAfter(at: Instant, said: readonly Said[], comments: readonly PullComment[]): boolean {
  const later = new Set(comments.filter((comment) => comment.at > at).map(({ id }) => id));
  return said.some((one) => one.word === 'release' && later.has(one.at));
}

/** A word, and the id of the comment that said it: GitHub counts upwards. */
interface Said {
  readonly word: HoldWord | StandingDecline;
  readonly at: number;
}

function standing(words: readonly Said[]): Stops {
  const released = words.findLastIndex(({ word }) => word === 'release');
  const since = words.slice(released + 1).map(({ word }) => word);
  return {
    isHeld: since.includes('hold'),
    declined: since.filter((word) => typeof word === 'object'),
  };
}

function commandOf({ author, body, isEdited }: PullComment): Said['word'] | null {
  const command = isEdited || !author.isUser ? null : parseCommand(body);
  if (command?.name === 'hold' || command?.name === 'release') return command.name;
  return command?.name === 'decline' ? { target: command.target, value: null, by: author.login } : null;
}

function isOwn({ identities }: Pick<JudgeDesk, 'identities'>): (comment: PullComment) => boolean {
  return ({ author }) => author.id === identities.judge.id;
}

function recordOf({ id, body, isEdited }: PullComment): readonly Said[] {
  const decline = parseDeclineRecord(body);
  if (isEdited || decline === 'unknown') return [{ word: 'hold', at: id }];
  if (decline !== null) {
    const { target, value, by, comment } = decline;
    return [{ word: { target, value, by }, at: comment }];
  }
  const record = parseHoldRecord(body);
  return record === null ? [] : [{ word: record.word, at: record.comment ?? id }];
}
