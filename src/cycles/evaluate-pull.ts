import { AppError } from '../kernel/app-error.ts';
import { buildUnjudged, type CheckRun, type Conclusion, type UnjudgedReason } from '../review/index.ts';
import { toPosting } from './check-posting.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';
import { judgePull } from './judge-pull.ts';
import { postVerdict } from './post-verdict.ts';
import type { PullState } from './pull-reader-port.ts';

/** How an evaluation starts. */
export interface EvaluationRequest {
  /** Says at once that an older answer is over: after a change of base. */
  readonly announces?: boolean;
  /** Writes nothing where the standing check says the same and holds for a while: nobody asked. */
  readonly isRoutine?: boolean;
}

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
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const stamp = desk.stamp();
    try {
      const state = await desk.pulls.read(number);
      if (state === null || !(await isJudged(desk, state))) return forget(desk, number, state);
      desk.memory.heads.set(number, state.pull.head.sha);
      const { judged, stands } = await judgeAndPost(desk, state, { ...request, stamp });
      if (judged !== null && stands && (await isStillTip(desk, judged))) return judged;
      if (judged !== null && attempt === ATTEMPTS)
        throw new AppError('GIT_REF_MOVED', `#${number} moves faster than it can be judged`);
    } catch (error) {
      await refuse(desk, { number, stamp, error });
      throw error;
    }
  }
  return null;
}

async function isJudged(desk: JudgeDesk, { pull }: PullState): Promise<boolean> {
  return pull.isOpen && (await isGoverned(desk, pull.base.branch));
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

function forget({ memory }: JudgeDesk, number: number, state: PullState | null): null {
  memory.judged.delete(number);
  // Open against another base, it still shares its commit with whoever has the same head; it only has no say.
  if (state?.pull.isOpen !== true) memory.heads.delete(number);
  return null;
}

interface Posting extends EvaluationRequest {
  readonly stamp: string;
}

/** What one attempt came to. */
interface Attempt {
  /** Null where the head moved between GitHub's answer and the fetch, or is gone. */
  readonly judged: Judged | null;
  /** Whether it was still about the pull request as it is when it was to be said. */
  readonly stands: boolean;
}

async function judgeAndPost(desk: JudgeDesk, state: PullState, posting: Posting): Promise<Attempt> {
  const { pull } = state;
  const { stamp, announces = false, isRoutine = false } = posting;
  const head = pull.head.sha;
  // What stands on this commit was said about another base: it ends at once (judge.md §1).
  const isOfAnotherBase = (desk.memory.posted.get(head)?.branch ?? pull.base.branch) !== pull.base.branch;
  const announcement = desk.after(announces || isOfAnotherBase ? 0 : SLOW_MS, () =>
    desk.checks.post({ head, stamp, conclusion: null, run: IN_PROGRESS }, null),
  );
  try {
    const judged = await judgePull(desk, state).catch(nullIfMoved);
    const replacing = await announcement.stop();
    if (judged === null) {
      desk.memory.judged.delete(pull.number);
      return { judged, stands: false };
    }
    desk.memory.judged.set(pull.number, judged);
    const worst = await worstOn(desk, head, judged);
    const stands = await postVerdict(desk, worst, { state, judged, stamp, replacing, isRoutine });
    return { judged, stands };
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
  const state = await desk.pulls.read(number);
  if (state === null || !(await isJudged(desk, state))) return forget(desk, number, state);
  const judged = await judgePull(desk, state).catch(nullIfMoved);
  if (judged !== null) desk.memory.judged.set(number, judged);
  return judged;
}

/** After a success git is asked for the tip once more, which costs no request of the API: a push may have sent its event to nobody. */
async function isStillTip(desk: JudgeDesk, { verdict, branch }: Judged): Promise<boolean> {
  return verdict.conclusion !== 'success' || (await desk.mirror.syncBase(branch))?.tip === verdict.base;
}

/** What of a failure may be told: details can hold anything, and stand in the judge's logs. */
function reasonOf(error: unknown): UnjudgedReason {
  if (!(error instanceof AppError)) return 'internal';
  if (error.code === 'OBJECTS_REFUSED') return 'refused';
  if (error.code === 'OBJECTS_TOO_LARGE') return 'too_large';
  return error.code === 'FETCH_TOO_SLOW' ? 'too_slow' : 'internal';
}
