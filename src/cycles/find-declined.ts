import { type DeclinedChange, type Derivation, isDeclined, parseProposalMeta } from '../governance/index.ts';
import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { DAY_MS, formatInstant, type Instant, instantFromMs, parseInstant } from '../kernel/instant.ts';
import { type Problem, warning } from '../kernel/problem.ts';
import { proposalIdsIn, readCommitted } from './committed-files.ts';
import type { GitRepository, TreeFile } from './git-port.ts';
import type { ClosedPull, PullRequests } from './publishing-port.ts';

/** What has to be known to tell which recommendations operators have said no to. */
export interface DeclineQuestion {
  readonly git: GitRepository;
  readonly pulls: PullRequests;
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
 * Finds changes that an operator has declined by closing a pull request of ours. What was in it is read from the content of its
 * head; who closed it is asked only where that matters now. Not knowing who closed counts as "no": it can only keep a change out.
 */
export async function findDeclined(question: DeclineQuestion): Promise<DeclinedChanges> {
  const { pulls, clock, maxAgeDays, operators } = question;
  const windowDays = Math.max(MIN_WINDOW_DAYS, maxAgeDays);
  const since = formatInstant(instantFromMs(clock - windowDays * DAY_MS));
  const declined: DeclinedChange[] = [];
  const warnings: Problem[] = [];
  for (const pull of await pulls.closedSince(since)) {
    const refused = await relevantChanges(question, pull);
    if (refused.length === 0) continue;
    const answer = await pulls.wasClosedBy(pull.number, operators);
    if (answer === false) continue;
    if (answer === null) warnings.push(warning('CLOSER_UNKNOWN', { pull: `#${pull.number}` }));
    declined.push(...refused);
  }
  return { declined: latestOf(declined), warnings };
}

/** Of the changes in a closed pull request, those that would be proposed again but for the "no". */
async function relevantChanges(
  { git, pulls, committed, derivation, clock }: DeclineQuestion,
  pull: ClosedPull,
): Promise<readonly DeclinedChange[]> {
  const closedAt = parseInstant(pull.closedAt);
  if (closedAt === null || !(await pulls.fetchHead(pull))) return [];
  const held = await readCommitted(git, pull.head, [PROPOSALS_PATH], (path) => !committed.has(path));
  return [...proposalIdsIn(held.texts.keys())].flatMap((id) => {
    const file = `${PROPOSALS_PATH}/${id}/proposal_meta.json`;
    const meta = parseProposalMeta(held.texts.get(file) ?? '', file);
    const changes = meta.ok ? meta.value.changes : [];
    return changes
      .map(({ target, new: value }) => ({ target, value, closedAt, pullRequest: pull.number }))
      .filter((change) => isRecommended(change, derivation, clock));
  });
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
