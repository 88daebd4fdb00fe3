import { AppError } from '../kernel/app-error.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { MINUTE_MS } from '../kernel/instant.ts';
import { buildUnjudged, type CheckRun, type Conclusion, type UnjudgedReason } from '../review/index.ts';
import { toPosting } from './check-posting.ts';
import type { CheckPosting } from './check-runs-port.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';
import { judgePull } from './judge-pull.ts';
import type { PullRequest } from './pull-reader-port.ts';

/** How an evaluation starts. */
export interface EvaluationRequest {
  /** What has just been read; else it is read now. */
  readonly pull?: PullRequest;
  /** Says at once that an older answer is over: after a change of base. */
  readonly announces?: boolean;
  /** Writes nothing where the standing check says the same and holds for a while: nobody asked. */
  readonly isRoutine?: boolean;
}

/** A check that holds longer than this need not be renewed by a routine, in milliseconds: until the next but one. */
const RENEWAL_MS = 20 * MINUTE_MS;

/** A pull request that moves while it is judged is judged again, this often; the next event starts anew. */
const ATTEMPTS = 3;

/** `in_progress` is written only when judging takes longer (judge.md §6), in milliseconds. */
const SLOW_MS = 5_000;

/**
 * Judges a pull request and posts the check. Null where there is nothing to judge: closed, or with a base that is not governed, which
 * gets no check of ours. A failure inside is a failed check with a reference, and thrown on.
 */
export async function evaluatePull(
  desk: JudgeDesk,
  number: number,
  request: EvaluationRequest = {},
): Promise<Judged | null> {
  let { pull } = request;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const stamp = desk.stamp();
    try {
      const found = pull ?? (await desk.pulls.pull(number));
      pull = undefined;
      if (found === null || !found.isOpen || !(await isGoverned(desk, found.base.branch)))
        return forget(desk, number, found);
      desk.memory.heads.set(number, found.head.sha);
      const judged = await judgeAndPost(desk, found, { ...request, stamp });
      if (judged !== null && (await stillStands(desk, judged))) return judged;
      if (judged !== null && attempt === ATTEMPTS)
        throw new AppError('GIT_REF_MOVED', `#${number} moves faster than it can be judged`);
    } catch (error) {
      await refuse(desk, { number, stamp, error });
      throw error;
    }
  }
  return null;
}

/** What could not be judged must not be merged on what was said before. */
async function refuse(
  desk: JudgeDesk,
  { number, stamp, error }: { readonly number: number; readonly stamp: string; readonly error: unknown },
): Promise<void> {
  const { heads, judged, posted } = desk.memory;
  const head = heads.get(number);
  judged.delete(number);
  if (head === undefined) return;
  posted.delete(head);
  const verdict = buildUnjudged({ head, time: desk.clock(), reason: reasonOf(error), reference: stamp });
  await desk.checks.post(toPosting({ verdict, autoToml: null, isHeld: false }, stamp), null);
}

function forget({ memory }: JudgeDesk, number: number, pull: PullRequest | null): null {
  memory.judged.delete(number);
  // Open against another base, it still shares its commit with whoever has the same head; it only has no say.
  if (pull?.isOpen !== true) memory.heads.delete(number);
  return null;
}

interface Posting extends EvaluationRequest {
  readonly stamp: string;
}

/** Null where the head moved between GitHub's answer and the fetch, or is gone. */
async function judgeAndPost(desk: JudgeDesk, pull: PullRequest, posting: Posting): Promise<Judged | null> {
  const { stamp, announces = false, isRoutine = false } = posting;
  const head = pull.head.sha;
  // What stands on this commit was said about another base: it ends at once (judge.md §1).
  const isOfAnotherBase = (desk.memory.posted.get(head)?.branch ?? pull.base.branch) !== pull.base.branch;
  const announcement = desk.after(announces || isOfAnotherBase ? 0 : SLOW_MS, () =>
    desk.checks.post({ head, stamp, conclusion: null, run: IN_PROGRESS }, null),
  );
  try {
    const judged = await judgePull(desk, pull).catch(nullIfMoved);
    const posted = await announcement.stop();
    if (judged === null) {
      desk.memory.judged.delete(pull.number);
      return null;
    }
    desk.memory.judged.set(pull.number, judged);
    const worst = await worstOn(desk, head, judged);
    if (!isRoutine || posted !== null || !(await isStanding(desk, worst))) {
      await postUnlessLater(desk, toPosting(worst, stamp), posted);
      desk.memory.posted.set(head, {
        stamp,
        digest: digestOf(worst),
        validUntil: worst.verdict.validUntil,
        branch: worst.branch,
      });
    }
    return judged;
  } catch (error) {
    // A new run stands before one that was announced.
    await announcement.stop().catch(() => null);
    throw error;
  }
}

/** The head is another by now: GitHub has to be asked again. */
function nullIfMoved(error: unknown): null {
  if (error instanceof AppError && error.code === 'GIT_REF_MOVED') return null;
  throw error;
}

const IN_PROGRESS: CheckRun = {
  title: 'Judging',
  summary: 'Both loops run again on the base branch; an earlier answer does not count any more.',
  text: null,
  annotations: [[]],
  actions: [],
};

/** Another instance may have said something else since. */
async function isStanding({ memory, clock, checks }: JudgeDesk, judged: Judged): Promise<boolean> {
  const { head } = judged.verdict;
  const standing = memory.posted.get(head);
  if (standing?.digest !== digestOf(judged) || standing.validUntil - clock() <= RENEWAL_MS) return false;
  return (await checks.latest(head))?.stamp === standing.stamp;
}

/** Everything that a check says, but for the times. */
function digestOf({ number, verdict }: Judged): string {
  const { conclusion, base, kind, lane, changes, rules } = verdict;
  return sha256Hex(JSON.stringify([number, conclusion, base, kind, lane, changes, rules]));
}

const SEVERITY: Readonly<Record<Conclusion, number>> = { success: 0, action_required: 1, failure: 2 };

/** A check belongs to a commit: where several open pull requests have it as their head, the worst verdict is posted (judge.md §1). */
async function worstOn(desk: JudgeDesk, head: string, own: Judged): Promise<Judged> {
  let worst = own;
  for (const [number, sha] of desk.memory.heads) {
    if (sha !== head || number === own.number) continue;
    const other = (await judgeSibling(desk, number)) ?? own;
    if (SEVERITY[other.verdict.conclusion] > SEVERITY[worst.verdict.conclusion]) worst = other;
  }
  return worst;
}

async function judgeSibling(desk: JudgeDesk, number: number): Promise<Judged | null> {
  const pull = await desk.pulls.pull(number);
  if (pull === null || !pull.isOpen || !(await isGoverned(desk, pull.base.branch)))
    return forget(desk, number, pull);
  const judged = await judgePull(desk, pull).catch(nullIfMoved);
  if (judged !== null) desk.memory.judged.set(number, judged);
  return judged;
}

/** A slow success never covers what a later evaluation said, here or in another instance. */
async function postUnlessLater(
  desk: JudgeDesk,
  posting: CheckPosting,
  replacing: number | null,
): Promise<void> {
  if (posting.conclusion === 'success') {
    const latest = await desk.checks.latest(posting.head);
    if (latest !== null && latest.id !== replacing && latest.stamp > posting.stamp) return;
  }
  await desk.checks.post(posting, replacing);
}

/** After a success, tip and reviews are read once more: what changed meanwhile may have sent its event to nobody. */
async function stillStands(desk: JudgeDesk, { number, verdict, branch, reviews }: Judged): Promise<boolean> {
  if (verdict.conclusion !== 'success') return true;
  if ((await desk.mirror.syncBase(branch))?.tip !== verdict.base) return false;
  return reviews === null || JSON.stringify(await desk.pulls.reviews(number)) === JSON.stringify(reviews);
}

/** What of a failure may be told: details can hold anything, and stand in the judge's logs. */
function reasonOf(error: unknown): UnjudgedReason {
  if (!(error instanceof AppError)) return 'internal';
  if (error.code === 'OBJECTS_REFUSED') return 'refused';
  if (error.code === 'OBJECTS_TOO_LARGE') return 'too_large';
  return error.code === 'FETCH_TOO_SLOW' ? 'too_slow' : 'internal';
}
