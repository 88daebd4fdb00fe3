import { BugError } from '../kernel/app-error.ts';
import {
  buildExplanation,
  buildReply,
  buttonCommand,
  type Command,
  type CommandOutcome,
  formatAskingComment,
  formatHoldRecord,
  type HoldWord,
  type Person,
  parseCommand,
  parseDeclineRecord,
  parseHoldRecord,
} from '../review/index.ts';
import { answeredComment } from './answered-comment.ts';
import { findReasonFaults } from './change-policy.ts';
import { toPosting } from './check-posting.ts';
import { declineHere } from './decline-command.ts';
import { evaluatePull } from './evaluate-pull.ts';
import { findMergedProposal } from './find-merge.ts';
import { findOperators } from './find-operators.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullComment, PullRequest } from './pull-reader-port.ts';
import { readPolicyAt } from './read-base-policy.ts';

/** What somebody asked for, by a new comment or by a button of the check. */
export type CommandSource = {
  readonly number: number;
  readonly actor: Person & { readonly isUser: boolean };
} & (
  | { readonly kind: 'comment'; readonly commentId: number; readonly body: string }
  | {
      readonly kind: 'button';
      readonly identifier: string;
      /** Of the evaluation whose check has the button; it begins with its time (`JudgeDesk.stamp`). */
      readonly stamp: string;
    }
);

/** What the workflow that acts as the publisher listens to (.github/workflows/operator-command.yml). */
const DISPATCH = 'peak-command';

/**
 * Obeys an operator's command, each comment once. What strangers write is no command, and gets no answer: anybody could fill a page
 * with answers. Answers what was done, for the log; null for nothing.
 */
export async function runCommand(desk: JudgeDesk, source: CommandSource): Promise<Command['name'] | null> {
  const command = source.kind === 'comment' ? parseCommand(source.body) : buttonCommand(source.identifier);
  if (command === null || !source.actor.isUser) return null;
  const { strangers } = desk.memory;
  const voice = `${source.number}/${source.actor.id}`;
  if (strangers.get(voice) === true) return null;
  const state = await desk.pulls.read(source.number);
  if (state === null || !(await isGoverned(desk, state.pull.base.branch))) return null;
  const { pull, comments } = state;
  if (!(await isOperator(desk, pull, source.actor))) {
    strangers.set(voice, true);
    return null;
  }
  if (source.kind === 'comment' && !isUnanswered(desk, comments, source)) return null;
  if (source.kind === 'button' && command.name === 'release' && isOutdated(desk, comments, source.stamp))
    return null;
  const asked = source.kind === 'comment' ? source.commentId : null;
  const outcome = await obey(desk, { command, pull, by: source.actor, comments, asked });
  if (source.kind === 'comment' && outcome.state !== 'recorded')
    await desk.talking.comment(source.number, buildReply(command, outcome, source.commentId));
  return command.name;
}

async function isOperator(desk: JudgeDesk, { base }: PullRequest, actor: Person): Promise<boolean> {
  const tip = await desk.mirror.syncBase(base.branch);
  const policy = tip === null ? null : await readPolicyAt(desk.mirror.repository, tip.tip);
  if (policy === null) return false;
  return (await findOperators(desk, policy.approvals.operators, [actor])).has(actor.id);
}

/** The comment has to stand there as it came, and the judge must not have answered it: a delivery can be doubled or replayed. */
function isUnanswered(
  { identities }: JudgeDesk,
  comments: readonly PullComment[],
  { commentId, body }: Extract<CommandSource, { kind: 'comment' }>,
): boolean {
  const own = comments.filter(({ author }) => author.id === identities.judge.id);
  const isAnswered = own.some((comment) => answeredComment(comment.body) === commentId);
  const standing = comments.find(({ id }) => id === commentId);
  return !isAnswered && standing !== undefined && !standing.isEdited && standing.body === body;
}

/** Whether somebody has said hold since the check was written that offers to release: a delivery can come late, or twice. */
function isOutdated({ identities }: JudgeDesk, comments: readonly PullComment[], stamp: string): boolean {
  const shownAt = Number.parseInt(stamp, 10);
  return comments.some(
    ({ author, body, at }) => author.id === identities.judge.id && isStop(body) && !(at <= shownAt),
  );
}

function isStop(body: string): boolean {
  return parseHoldRecord(body)?.word === 'hold' || parseDeclineRecord(body) !== null;
}

interface Order {
  readonly command: Command;
  readonly pull: PullRequest;
  readonly by: Person;
  readonly comments: readonly PullComment[];
  /** Id of the comment that asks; null for a button. */
  readonly asked: number | null;
}

async function obey(desk: JudgeDesk, order: Order): Promise<CommandOutcome> {
  const { command, pull, by } = order;
  const { number } = pull;
  const asked = { number, by, comment: order.asked };
  switch (command.name) {
    case 'recheck':
      await evaluatePull(desk, number);
      return { state: 'done' };
    case 'explain':
      return explain(desk, number);
    case 'hold':
    case 'release':
      await record(desk, command.name, order);
      return { state: 'recorded' };
    case 'decline':
      return decline(desk, command, order);
    case 'rollback': {
      if (pull.mergedAs === null) return { state: 'refused', reason: 'NOT_MERGED' };
      const proposal = await findMergedProposal(desk, pull);
      if (proposal === null) return { state: 'refused', reason: 'NO_PROPOSAL' };
      await ask(desk, { command: 'rollback', target: proposal.id }, { ...asked, reason: command.reason });
      return { state: 'asked' };
    }
    case 'disable':
      await ask(desk, { command: 'disable', target: '' }, { ...asked, reason: command.reason });
      return { state: 'asked' };
    case 'help':
      return { state: 'done' };
  }
}

/** Only a comment can name a target. */
function decline(
  desk: JudgeDesk,
  { target, reason }: Extract<Command, { readonly target: string }>,
  { pull, by, asked }: Order,
): Promise<CommandOutcome> {
  if (asked === null) throw new BugError('no button declines');
  const { number } = pull;
  const payload = { command: 'decline', target, pull: String(number) } as const;
  return declineHere(desk, { pull, target, reason, by, comment: asked }, () =>
    ask(desk, payload, { number, by, comment: null, reason }),
  );
}

/** A button is pressed once, even if that is told twice: a standing record of the same word is enough for it. */
async function record(desk: JudgeDesk, word: HoldWord, { pull, by, comments, asked }: Order): Promise<void> {
  const text = formatHoldRecord({ word, comment: asked }, by.login);
  const last = comments.findLast(({ author }) => author.id === desk.identities.judge.id);
  if (last?.body.trimEnd() === text.trimEnd() && !last.isEdited) return;
  await desk.talking.comment(pull.number, text);
}

/**
 * What the workflow runs `peak` with. `target` is a target for `decline`, the id of a proposal for `rollback`, else empty; `pull` is the
 * number of the pull request that proposes the target.
 */
type Dispatch =
  | { readonly command: 'rollback' | 'disable'; readonly target: string }
  | { readonly command: 'decline'; readonly target: string; readonly pull: string };

interface Asked {
  readonly number: number;
  readonly by: Person;
  /** Id of the comment that stands behind a pull request; null for a button, and where none is opened. */
  readonly comment: number | null;
  readonly reason: string | null;
}

/** The reason says who asked, and where: it is what stands in Git. A reason that may not stand there must not stop a killswitch. */
async function ask(
  { merging }: JudgeDesk,
  payload: Dispatch,
  { number, by, comment, reason }: Asked,
): Promise<void> {
  const asked = `asked for by ${by.login} in #${number}`;
  const isSound = reason !== null && findReasonFaults(reason).length === 0;
  await merging.dispatch(DISPATCH, {
    ...payload,
    ...(comment === null ? {} : { asked_by: formatAskingComment({ pull: number, comment }) }),
    reason: isSound ? `${reason} (${asked})` : asked,
  });
}

/** Always a new comment: one of ours that has been edited counts as an unknown word about a hold. */
async function explain(desk: JudgeDesk, number: number): Promise<CommandOutcome> {
  const judged = await evaluatePull(desk, number);
  if (judged === null) return { state: 'refused', reason: 'NOT_A_PROMOTION' };
  const { run } = toPosting(judged, desk.stamp());
  await desk.talking.comment(number, buildExplanation(run));
  return { state: 'done' };
}
