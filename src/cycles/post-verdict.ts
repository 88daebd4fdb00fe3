import { sha256Hex } from '../kernel/digest.ts';
import { MINUTE_MS } from '../kernel/instant.ts';
import type { Verdict } from '../review/index.ts';
import { toPosting } from './check-posting.ts';
import type { PostedRun } from './check-runs-port.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';
import type { PullState } from './pull-reader-port.ts';

/** What a verdict was reached on, and how it is to be said. */
export interface VerdictPosting {
  /** As it was when it was judged. */
  readonly state: PullState;
  /** The verdict about this pull request; what is posted is the worst of all that share its commit. */
  readonly judged: Judged;
  readonly stamp: string;
  /** Id of our run that announces this verdict; null for none. */
  readonly replacing: number | null;
  readonly isRoutine: boolean;
}

/** A check that holds longer than this need not be renewed by a routine, in milliseconds: until the next but one. */
const RENEWAL_MS = 20 * MINUTE_MS;

/**
 * Posts the worst verdict on a commit. A success is held against GitHub once more right before: false, and nothing is posted, when
 * anything that it rests on is another by now. A later evaluation's word is never covered.
 */
export async function postVerdict(
  desk: JudgeDesk,
  worst: Judged,
  { state, judged, stamp, replacing, isRoutine }: VerdictPosting,
): Promise<boolean> {
  if (isRoutine && replacing === null && isStanding(desk, worst, state.latestRun)) return true;
  if (worst.verdict.conclusion === 'success') {
    const now = await desk.pulls.read(state.pull.number);
    if (now === null || !(await isUnchanged(desk, judged, { state, now }))) return false;
    if (now.latestRun !== null && now.latestRun.stamp > stamp) return true;
  }
  await desk.checks.post(toPosting(worst, stamp), replacing);
  desk.memory.posted.set(worst.verdict.head, {
    stamp,
    digest: digestOf(worst),
    validUntil: worst.verdict.validUntil,
    branch: worst.branch,
  });
  return true;
}

/** Another instance may have said something else since. */
function isStanding({ memory, clock }: JudgeDesk, judged: Judged, latest: PostedRun | null): boolean {
  const standing = memory.posted.get(judged.verdict.head);
  if (standing?.digest !== digestOf(judged) || standing.validUntil - clock() <= RENEWAL_MS) return false;
  return latest?.stamp === standing.stamp;
}

/** Everything that a check says, but for the times. */
function digestOf({ number, verdict }: Judged): string {
  const { conclusion, base, kind, lane, changes, rules } = verdict;
  return sha256Hex(JSON.stringify([number, conclusion, base, kind, lane, changes, rules]));
}

/** The tip that the API tells can lag behind: git says where the base is, and is asked only when the two differ. */
async function isUnchanged(
  { mirror }: JudgeDesk,
  { verdict, branch }: Judged,
  { state, now }: { readonly state: PullState; readonly now: PullState },
): Promise<boolean> {
  if (basisOf(state, verdict) !== basisOf(now, verdict)) return false;
  return now.baseTip === verdict.base || (await mirror.syncBase(branch))?.tip === verdict.base;
}

/** Consent counts for what is governed, and a hold for promotions; other words below a pull request must not keep it waiting. */
function basisOf({ pull, reviews, comments, closings }: PullState, { kind }: Verdict): string {
  return JSON.stringify([
    pull,
    kind === 'unrelated' ? null : reviews,
    kind === 'promotion' ? [comments, closings] : null,
  ]);
}
