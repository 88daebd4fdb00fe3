import { type DeclinedChange, type Derivation, isDeclined } from '../governance/index.ts';
import {
  DAY_MS,
  formatInstant,
  HOUR_MS,
  type Instant,
  instantFromMs,
  parseInstant,
} from '../kernel/instant.ts';
import { type Problem, warning } from '../kernel/problem.ts';
import { EVIDENCE_BRANCH, parseState } from '../review/index.ts';
import type { GitRepository, TreeFile } from './git-port.ts';
import type { KnownPull, PullRequests, Survey } from './publishing-port.ts';
import { readProposedChanges } from './read-proposed-changes.ts';

/** What has to be known to tell which recommendations operators have said no to. */
export interface DeclineQuestion {
  readonly git: GitRepository;
  readonly pulls: PullRequests;
  readonly survey: Survey;
  /** The files of the base. */
  readonly committed: ReadonlyMap<string, TreeFile>;
  /** As it is without any "no". */
  readonly derivation: Derivation;
  readonly operators: readonly string[];
  readonly clock: Instant;
  /** Evidence older than this counts no more, in days. */
  readonly maxAgeDays: number;
}

/** The refused changes that evidence recommends again, in order of target and time, and what could not be found out. */
export interface DeclinedChanges {
  readonly declined: readonly DeclinedChange[];
  readonly warnings: readonly Problem[];
}

/** A "no" holds for 14 days, and as long as no newer experiment counts. */
const MIN_WINDOW_DAYS = 14;

/**
 * Finds changes that an operator has declined: in a comment on a pull request of ours, which its body holds, or by closing one. What was in
 * that one is read from the content of its head; who closed it is asked only where that matters now. Not knowing who closed counts as "no":
 * it can only keep a change out.
 */
export async function findDeclined(question: DeclineQuestion): Promise<DeclinedChanges> {
  const { pulls, operators } = question;
  const reopened = await readReopened(question);
  const listed = await pulls.since(windowStart(question.clock, question.maxAgeDays));
  const known = listed.map((pull) => ({ ...pull, told: parseState(pull.body) }));
  const declined: DeclinedChange[] = [...writtenDeclines(question, known)];
  const warnings: Problem[] = unreadable(known);
  const skipped: string[] = [];
  for (const pull of listClosed(known)) {
    const refused = (await relevantChanges(question, pull)).filter(
      (change) =>
        !reopened.some((one) => covers(one, change, saysOurs(pull) ? 0 : HOUR_MS)) &&
        !declined.some((one) => covers(one, change, 0)),
    );
    if (refused.length === 0) continue;
    const closer = await pulls.closerOf(pull.number, operators);
    if (closer === 'other') continue;
    if (closer === 'unknown') warnings.push(warning('CLOSER_UNKNOWN', { pull: `#${pull.number}` }));
    if (closer === 'not_asked') skipped.push(`#${pull.number}`);
    declined.push(...refused);
  }
  if (skipped.length > 0) warnings.push(warning('CLOSER_NOT_ASKED', { pulls: skipped.join(', ') }));
  return { declined: latestOf(declined), warnings };
}

/**
 * How far back a "no" can still matter, as an ISO 8601 date: whatever evidence still counts is newer than what was declined before, and
 * its 14 days are over.
 */
export function windowStart(clock: Instant, maxAgeDays: number): string {
  return formatInstant(instantFromMs(clock - Math.max(MIN_WINDOW_DAYS, maxAgeDays) * DAY_MS));
}

/**
 * What bodies say that operators declined, of open, merged and closed pull requests. Anybody who can edit a body can write it, which keeps a
 * change out and nothing else; a time in the future is now, so that it ends as soon as it is taken out.
 */
function writtenDeclines(
  { derivation, clock }: DeclineQuestion,
  known: readonly ToldPull[],
): readonly DeclinedChange[] {
  return known
    .flatMap(({ number, told }) =>
      (told?.declined ?? []).map(({ target, value, at }) => {
        const closedAt = instantFromMs(Math.min(clock, parseInstant(at) ?? clock));
        return { target, value, closedAt, pullRequest: number };
      }),
    )
    .filter((change) => isRecommended(change, derivation, clock));
}

/** A state that cannot be read may have held a "no". */
function unreadable(known: readonly ToldPull[]): Problem[] {
  const pulls = known
    .filter(({ branch, told }) => branch !== EVIDENCE_BRANCH && told === null)
    .map(({ number }) => `#${number}`);
  return pulls.length === 0 ? [] : [warning('STATE_UNREADABLE', { pulls: pulls.join(', ') })];
}

/** A pull request of ours, and the state that its body tells; null for none that can be read. */
interface ToldPull extends KnownPull {
  readonly told: ReturnType<typeof parseState>;
}

/** One that was closed without a merge. */
type ClosedPull = ToldPull & { readonly closedAt: string };

/**
 * Closings, newest first; those that say they are the bot's own come before all others. Anybody can write that into a body, so it decides
 * nothing but the order: a closing of people that is not asked about is most likely the "no" that it counts as.
 */
function listClosed(known: readonly ToldPull[]): readonly ClosedPull[] {
  const closed = known.filter(isClosed);
  return [...closed.filter(saysOurs), ...closed.filter((pull) => !saysOurs(pull))];
}

function isClosed(pull: ToldPull): pull is ClosedPull {
  return pull.state === 'closed' && pull.closedAt !== null;
}

function saysOurs({ told }: ToldPull): boolean {
  return told?.closed != null;
}

/**
 * Changes in pull requests that are open now, as of their opening: an earlier run has found that no closing before then was a "no". For the
 * App only: any workflow of a writer can open one as the workflow's own account.
 */
async function readReopened(question: DeclineQuestion): Promise<readonly DeclinedChange[]> {
  const { open, heads, publisher } = question.survey;
  if (publisher.kind !== 'app') return [];
  const found: DeclinedChange[] = [];
  for (const [branch, { number, openedAt }] of open) {
    const head = heads.get(branch);
    if (head !== undefined) found.push(...(await changesIn(question, { number, head, at: openedAt })));
  }
  return found;
}

/**
 * Whether what is known of a target and value as of one time answers a question about an earlier one. A run may have opened a pull request
 * after a closing that it had not seen, as long as its token lasted: an hour (GitHub, "Generating an installation access token").
 */
function covers(known: DeclinedChange, asked: DeclinedChange, marginMs: number): boolean {
  const isSame = known.target === asked.target && known.value === asked.value;
  return isSame && known.closedAt >= asked.closedAt + marginMs;
}

/** Of the changes in a closed pull request, those that would be proposed again but for the "no". */
async function relevantChanges(
  question: DeclineQuestion,
  pull: ClosedPull,
): Promise<readonly DeclinedChange[]> {
  const { pulls, derivation, clock } = question;
  if (parseInstant(pull.closedAt) === null || !(await pulls.fetchHead(pull))) return [];
  const { number, head, closedAt: at } = pull;
  const held = await changesIn(question, { number, head, at });
  return held.filter((change) => isRecommended(change, derivation, clock));
}

/** The changes of the proposals that a head adds to the base. */
async function changesIn(
  { git, committed }: DeclineQuestion,
  { number, head, at }: { readonly number: number; readonly head: string; readonly at: string },
): Promise<readonly DeclinedChange[]> {
  const closedAt = parseInstant(at);
  if (closedAt === null) return [];
  const changes = await readProposedChanges(git, head, committed);
  return changes.map(({ target, new: value }) => ({ target, value, closedAt, pullRequest: number }));
}

function isRecommended(declined: DeclinedChange, { decisions }: Derivation, now: Instant): boolean {
  return decisions.some(
    ({ candidate, planned, lane }) =>
      lane !== null && isDeclined(declined, candidate.patch, { planned, now }),
  );
}

/** One "no" for each target and value: the latest. Sorted, so that what is recorded does not depend on the order of answers. */
function latestOf(all: readonly DeclinedChange[]): readonly DeclinedChange[] {
  const latest = new Map<string, DeclinedChange>();
  for (const one of [...all].sort((a, b) => a.closedAt - b.closedAt || a.pullRequest - b.pullRequest))
    latest.set(JSON.stringify([one.target, one.value]), one);
  return [...latest.keys()].sort().flatMap((key) => latest.get(key) ?? []);
}
