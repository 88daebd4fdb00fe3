import { parsePolicy } from '../governance/index.ts';
import { POLICY_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { ParameterType, Scalar } from '../kernel/scalar.ts';
import {
  EVIDENCE_BRANCH,
  type PullDecline,
  parseState,
  type RecordedDecline,
  recordDecline,
} from '../review/index.ts';
import { readCommitted } from './committed-files.ts';
import { windowStart } from './find-declined.ts';
import type { GitRepository, TreeFile } from './git-port.ts';
import type { KnownPull, PublishingPort, PullRequests, Survey } from './publishing-port.ts';
import { readProposedChanges } from './read-proposed-changes.ts';

/** What is refused, where, and why. */
export interface DeclineRequest {
  readonly target: string;
  /** Number of the pull request that proposes it. */
  readonly pull: number;
  readonly reason: string;
  readonly clock: Instant;
  readonly dryRun: boolean;
}

/** What became of it. `known`: it stands there already. */
export interface DeclineReport {
  readonly state: 'recorded' | 'known' | 'dry_run';
  readonly pull: number;
  readonly target: string;
  readonly value: Scalar;
  /** Null where only the pull request still tells of the value. */
  readonly type: ParameterType | null;
}

/** Who takes part: the clone, and GitHub as the publisher. */
export interface DeclineParts {
  readonly git: GitRepository;
  readonly target: PublishingPort;
}

/**
 * Writes an operator's "no" to one value into the state of the bot's own open pull request that proposes it (product.md §6); the next
 * cycle rebuilds it without. Asked for again, also when the pull request is rebuilt or over by then, it is known. DECLINE_REFUSED where there
 * is nothing to say no to.
 */
export async function declineChange(
  { git, target }: DeclineParts,
  request: DeclineRequest,
): Promise<Result<DeclineReport>> {
  const survey = await target.survey('all');
  if (!survey.ok) return survey;
  const { pulls } = target;
  if (pulls === null) return refused(request, 'there are no pull requests here');
  const base = await readBase(git, survey.value.base);
  if (!base.ok) return base;
  const known = await pulls.since(windowStart(request.clock, base.value.maxAgeDays));
  const pull = known.find(({ number, branch }) => number === request.pull && branch !== EVIDENCE_BRANCH);
  const place = pull === undefined ? null : findOwn(pull, survey.value);
  const changes = place === null ? [] : await readProposedChanges(git, place.head, base.value.committed);
  const change = changes.find((one) => one.target === request.target);
  if (place !== null && change !== undefined)
    return write(
      pulls,
      { request, place, value: change.new, type: change.type },
      survey.value.publisher.login,
    );
  const before = parseState(pull?.body ?? '')?.declined.findLast((one) => one.target === request.target);
  if (before !== undefined) return ok(report(request, { state: 'known', value: before.value, type: null }));
  return refused(
    request,
    place === null ? "it is no open promotion of the bot's" : 'it proposes no value for it',
  );
}

interface Base {
  readonly committed: ReadonlyMap<string, TreeFile>;
  readonly maxAgeDays: number;
}

async function readBase(git: GitRepository, base: string): Promise<Result<Base>> {
  const { files, texts } = await readCommitted(
    git,
    base,
    [PROPOSALS_PATH, POLICY_PATH],
    (path) => path === POLICY_PATH,
  );
  const policy = parsePolicy(texts.get(POLICY_PATH) ?? null);
  return policy.ok ? ok({ committed: files, maxAgeDays: policy.value.evidence.max_age_days }) : policy;
}

/** Where the pull request stands; null when it is over, or holds somebody else's work. */
function findOwn({ state, branch, number }: KnownPull, { heads, open }: Survey): Place | null {
  const head = heads.get(branch);
  const isOwn = state === 'open' && open.get(branch)?.number === number;
  return isOwn && head !== undefined ? { branch, head } : null;
}

interface Place {
  readonly branch: string;
  readonly head: string;
}

interface Refusal {
  readonly request: DeclineRequest;
  readonly place: Place;
  readonly value: Scalar;
  readonly type: ParameterType;
}

/** The body is the one of this moment: a cycle may be writing it. */
async function write(
  pulls: PullRequests,
  { request, place, value, type }: Refusal,
  by: string,
): Promise<Result<DeclineReport>> {
  const { target, pull, reason, clock, dryRun } = request;
  const decline: PullDecline = { target, value, at: formatInstant(clock), by, reason };
  if (dryRun) return ok(report(request, { state: 'dry_run', value, type }));
  let state = 'known' as RecordedDecline['state'];
  await pulls.edit(pull, (body) => {
    const found = recordDecline({ ...place, body }, decline, clock);
    state = found.state;
    return found.state === 'recorded' ? { body: found.body } : null;
  });
  return state === 'refused'
    ? refused(request, 'there is no room for one more, or the value is too long')
    : ok(report(request, { state, value, type }));
}

function report(
  { target, pull }: DeclineRequest,
  found: Pick<DeclineReport, 'state' | 'value' | 'type'>,
): DeclineReport {
  return { ...found, target, pull };
}

function refused({ target, pull }: DeclineRequest, reason: string): Result<never> {
  const hint =
    'close the bot\'s pull request to say no to all of it; "peak proposals" lists what is proposed';
  return fail(problem('DECLINE_REFUSED', { target, pull: `#${pull}`, reason, hint }));
}
