import { type CommandOutcome, canBeDeclined, formatDeclineRecord, type Person } from '../review/index.ts';
import { evaluatePull } from './evaluate-pull.ts';
import type { JudgeDesk } from './judge-desk.ts';

/** A "no" that an operator wrote in a comment. */
export interface AskedDecline {
  /** Of the pull request. */
  readonly number: number;
  readonly target: string;
  readonly reason: string;
  readonly by: Person;
  /** Id of the comment. */
  readonly comment: number;
}

/**
 * Takes an operator's "no" to a target that the bot's open promotion proposes: judges it, asks the publisher to rebuild it without, then
 * writes it down, which is the answer. Until it is written down, the operator's own comment stops the promotion (`findStops`); so a call
 * that fails in between loses nothing, and the comment can be delivered again.
 */
export async function declineHere(
  desk: JudgeDesk,
  { number, target, reason, by, comment }: AskedDecline,
  ask: () => Promise<void>,
): Promise<CommandOutcome> {
  const judged = await evaluatePull(desk, number);
  if (judged?.verdict.kind !== 'promotion') return { state: 'refused', reason: 'NOT_A_PROMOTION' };
  if (!judged.isBotOwn) return { state: 'refused', reason: 'NOT_THE_BOTS' };
  const change = judged.proposed.find((one) => one.target === target);
  if (change === undefined) return { state: 'refused', reason: 'TARGET_NOT_HERE' };
  if (!canBeDeclined(change.new)) return { state: 'refused', reason: 'VALUE_TOO_LONG' };
  await ask();
  const record = formatDeclineRecord({ target, value: change.new, by: by.login, comment }, reason);
  await desk.talking.comment(number, record);
  return { state: 'recorded' };
}
