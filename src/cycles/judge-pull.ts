import { parsePolicy } from '../governance/index.ts';
import { AUTO_TOML_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import {
  type ChangeKind,
  findChangeKind,
  judge,
  LANE_BRANCHES,
  listProposedChanges,
  type People,
  type Snapshot,
  type Verdict,
} from '../review/index.ts';
import { findCommanders } from './find-commanders.ts';
import { findStops } from './find-stops.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';
import type { HeadSource } from './mirror-port.ts';
import type { PullState } from './pull-reader-port.ts';
import { readEvidenceTrust } from './read-evidence-trust.ts';
import { isOwn as isBotsOwn, type PullFacts, readPeople, readPullFacts } from './read-people.ts';
import { readProtection } from './read-protection.ts';
import { readSnapshot } from './read-snapshot.ts';
import { LOOPS } from './rebuild.ts';
import { rememberRepository } from './remember-repository.ts';

/** Judging one change may take this long, in milliseconds (judge.md §7). */
const MAX_JUDGING_MS = 30_000;

/**
 * May this pull request be merged now? Reads what Git holds from the mirror, and of GitHub only what the answer depends on beside the
 * state that was read: people for governed changes, protection for the bot's auto lane. Null where the branch or the pull request is gone.
 * Rejects with `GIT_REF_MOVED` when the head is not the one that GitHub told.
 */
export async function judgePull(desk: JudgeDesk, state: PullState): Promise<Judged | null> {
  const base = await desk.mirror.syncBase(state.pull.base.branch);
  return base === null ? null : judgeAt(desk, state, { tip: base.tip, now: desk.clock() });
}

/** Against what to judge, and when. */
export interface JudgedAt {
  /** A commit of the base branch that has been fetched. */
  readonly tip: string;
  readonly now: Instant;
  /** Where the head is fetched from; the pull request, or the branch of a merge group. */
  readonly source?: HeadSource;
}

/** The same for a commit of the base and a time: what the answer is, or would have been, there and then. */
export async function judgeAt(
  desk: JudgeDesk,
  state: PullState,
  { tip, now, source = { pull: state.pull.number } }: JudgedAt,
): Promise<Judged | null> {
  const { pull } = state;
  const head = await desk.mirror.syncHead(source, pull.head.sha);
  if (head === null) return null;
  try {
    const git = rememberRepository(head.repository, desk.memory.objects);
    const snapshot = await readSnapshot(git, { base: tip, head: head.head, now });
    const place = { ...state, tip, git, isGroup: 'branch' in source };
    return {
      number: pull.number,
      branch: pull.base.branch,
      autoToml: snapshot.head.texts.get(AUTO_TOML_PATH) ?? null,
      ...(await decide(desk, snapshot, place)),
    };
  } finally {
    await head.release();
  }
}

/** What a command can ask for. */
const COMMANDED: readonly ChangeKind[] = ['policy', 'rollback'];

type Decision = Omit<Judged, 'number' | 'branch' | 'autoToml'>;
type Place = PullState & Pick<PullFacts, 'tip' | 'git' | 'isGroup'>;

async function decide(desk: JudgeDesk, snapshot: Snapshot, place: Place): Promise<Decision> {
  const isOverdue = deadline(desk);
  const kind = findChangeKind(snapshot);
  if (kind === 'unrelated') {
    const verdict = judge(snapshot, LOOPS, isOverdue);
    return { verdict, isBotOwn: false, isHeld: false, proposed: [], reviews: null };
  }
  const facts = await readPullFacts(desk, place);
  const isOwn = await isBotsOwn(desk, facts);
  const isAutoLane = isOwn && kind === 'promotion' && place.pull.head.branch === LANE_BRANCHES.auto;
  const isProtected = isAutoLane ? await readProtection(desk, place.pull.base.branch) : null;
  const isEvidenceTrusted =
    isProtected === true ? await readEvidenceTrust(desk, place.tip, snapshot.now) : null;
  const known = { ...snapshot, isProtected, isEvidenceTrusted };
  const changes = listProposedChanges(snapshot);
  const operators = operatorsOf(snapshot);
  const commanders = COMMANDED.includes(kind)
    ? await findCommanders(desk, { facts, snapshot, operators })
    : new Set<number>();
  const ask = async (reviews: Judged['reviews']): Promise<{ people: People; verdict: Verdict }> => {
    const people = await readPeople(desk, {
      facts,
      isBotOwn: isOwn,
      changes,
      reviews: reviews ?? [],
      operators,
      asksAdmins: kind === 'first_policy',
      commanders,
    });
    return { people, verdict: judge({ ...known, people }, LOOPS, isOverdue) };
  };
  // Nobody's consent is asked for in the auto lane.
  let reviews = isProtected === true ? null : place.reviews;
  let found = await ask(reviews);
  if (reviews === null && found.verdict.lane !== 'auto') {
    reviews = place.reviews;
    found = await ask(reviews);
  }
  const stops = await readStops(desk, { kind, verdict: found.verdict, operators, place, changes });
  const verdict =
    stops === null
      ? found.verdict
      : judge({ ...known, people: { ...found.people, ...stops } }, LOOPS, isOverdue);
  return { verdict, isBotOwn: isOwn, isHeld: stops !== null, proposed: changes, reviews };
}

interface Success {
  readonly kind: ChangeKind;
  readonly verdict: Verdict;
  readonly operators: readonly string[];
  readonly place: Pick<PullState, 'comments' | 'closings'>;
  readonly changes: Judged['proposed'];
}

/** What operators' words stop; null for nothing. A hold or a "no" to what is still proposed stops a promotion, never a way back. */
async function readStops(
  desk: JudgeDesk,
  { kind, verdict, operators, place, changes }: Success,
): Promise<Pick<People, 'isHeld' | 'declined'> | null> {
  if (kind !== 'promotion' || verdict.conclusion !== 'success') return null;
  const stops = await findStops(desk, place, operators);
  const declined = stops.declined.filter(({ target, value }) =>
    changes.some((change) => change.target === target && (value === null || change.new === value)),
  );
  return stops.isHeld || declined.length > 0 ? { isHeld: stops.isHeld, declined } : null;
}

/** Whom the policy that judges names: the tip's, or the last one that could be read. */
function operatorsOf({ base, lastReadablePolicy }: Snapshot): readonly string[] {
  const policy = parsePolicy(base.texts.get(POLICY_PATH) ?? null);
  if (policy.ok) return policy.value.approvals.operators;
  const last = parsePolicy(lastReadablePolicy);
  return last.ok ? last.value.approvals.operators : [];
}

function deadline({ clock }: JudgeDesk): () => boolean {
  const start = clock();
  return () => clock() - start > MAX_JUDGING_MS;
}
