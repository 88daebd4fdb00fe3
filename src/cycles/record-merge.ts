import {
  buildVerdictRecord,
  formatVerdictRecord,
  listCountedApprovers,
  type Verdict,
} from '../review/index.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';
import { judgeAt } from './judge-pull.ts';
import type { PullRequest } from './pull-reader-port.ts';

/**
 * Appends the verdict of a merge to `refs/notes/peak`: the one that let it through, or, where this instance does not know it,
 * one reached for the state right before the merge and at its time. Null where nothing was merged into a governed branch.
 */
export async function recordMerge(desk: JudgeDesk, number: number): Promise<Verdict | null> {
  const known = desk.memory.judged.get(number);
  const state = await desk.pulls.read(number);
  desk.memory.judged.delete(number);
  desk.memory.heads.delete(number);
  if (state === null) return null;
  const { pull } = state;
  if (pull.mergedAs === null || !(await isGoverned(desk, pull.base.branch))) return null;
  const merged = await findMerge(desk, pull, pull.mergedAs);
  if (merged === null) return null;
  const stood = known !== undefined && hasAllowed(known, pull, merged) ? known : null;
  const judged = stood ?? (await judgeAt(desk, state, merged));
  if (judged === null) return null;
  const facts = {
    merge: pull.mergedAs,
    pullRequest: number,
    mergedAt: merged.now,
    approvals: listCountedApprovers(judged.reviews ?? [], judged.verdict),
  };
  const record = formatVerdictRecord(buildVerdictRecord(judged.verdict, facts));
  await desk.merging.appendNote(pull.mergedAs, record);
  return judged.verdict;
}

interface Merge {
  /** The tip right before. */
  readonly tip: string;
  readonly now: Judged['verdict']['time'];
}

/** Another instance may know better: what this one has judged counts only where it is what let the merge through. */
function hasAllowed({ verdict }: Judged, { head }: PullRequest, { tip, now }: Merge): boolean {
  const isSame = verdict.head === head.sha && verdict.base === tip;
  return isSame && verdict.conclusion === 'success' && now <= verdict.validUntil;
}

/** The tip right before a merge, and the time of the merge; null where the base branch does not hold it (any more). */
export async function findMerge(
  { mirror }: JudgeDesk,
  pull: PullRequest,
  commit: string,
): Promise<Merge | null> {
  const base = await mirror.syncBase(pull.base.branch);
  if (base === null) return null;
  const { commits } = await mirror.repository.firstParents(base.tip);
  const at = commits.findIndex(({ id }) => id === commit);
  const [parent, merge] = [commits[at - 1], commits[at]];
  return parent === undefined || merge === undefined ? null : { tip: parent.id, now: merge.claimed };
}
