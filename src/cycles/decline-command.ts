import {
  type CommandOutcome,
  canBeDeclined,
  formatDeclineRecord,
  LANE_BRANCHES,
  type Person,
} from '../review/index.ts';
import { evaluatePull } from './evaluate-pull.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullRequest } from './pull-reader-port.ts';

/** A "no" that an operator wrote in a comment. */
export interface AskedDecline {
  readonly pull: PullRequest;
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
  { pull, target, reason, by, comment }: AskedDecline,
  ask: () => Promise<void>,
): Promise<CommandOutcome> {
  const { number } = pull;
  const judged = await evaluatePull(desk, number);
  if (judged?.verdict.kind !== 'promotion') return { state: 'refused', reason: 'NOT_A_PROMOTION' };
  if (!isOnLane(desk, pull)) return { state: 'refused', reason: 'NOT_THE_BOTS' };
  const change = judged.proposed.find((one) => one.target === target);
  if (change === undefined) return { state: 'refused', reason: 'TARGET_NOT_HERE' };
  if (!canBeDeclined(change.new)) return { state: 'refused', reason: 'VALUE_TOO_LONG' };
  await ask();
  const record = formatDeclineRecord({ target, value: change.new, by: by.login, comment }, reason);
  await desk.talking.comment(number, record);
  return { state: 'recorded' };
}

/**
 * Whether the publisher would rebuild it: opened by the publisher, or where none is named by a bot, on a branch of its lanes. What it has
 * not written there itself, it looks at on its own.
 */
function isOnLane({ identities }: JudgeDesk, { author, head, base }: PullRequest): boolean {
  const { publisher } = identities;
  const isByBot = publisher === null ? !author.isUser : author.id === publisher.id;
  const isLane = Object.values(LANE_BRANCHES).some((branch) => branch === head.branch);
  return isByBot && isLane && head.repositoryId === base.repositoryId;
}
