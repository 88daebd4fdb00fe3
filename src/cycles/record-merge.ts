import type { Instant } from '../kernel/instant.ts';
import {
  buildVerdictRecord,
  formatVerdictRecord,
  listCountedApprovers,
  type Verdict,
} from '../review/index.ts';
import { findMerge, type Merge } from './find-merge.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { Judged } from './judge-memory.ts';
import { judgeAt } from './judge-pull.ts';
import type { PullRequest, PullState } from './pull-reader-port.ts';

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
  const judged = stood ?? (await judgeAt(desk, asOf(state, merged.now), merged));
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

/** What came after a merge let nothing through, and stopped nothing; GitHub tells times to the second, and takes a merge for a closing. */
function asOf(state: PullState, mergedAt: Instant): PullState {
  return {
    ...state,
    reviews: state.reviews.filter(({ at }) => at <= mergedAt),
    comments: state.comments.filter(({ at }) => at <= mergedAt),
    closings: state.closings?.filter(({ at }) => at < mergedAt) ?? null,
  };
}

/** Another instance may know better: what this one has judged counts only where it is what let the merge through. */
function hasAllowed({ verdict }: Judged, { head }: PullRequest, { tip, now }: Merge): boolean {
  const isSame = verdict.head === head.sha && verdict.base === tip;
  return isSame && verdict.conclusion === 'success' && now <= verdict.validUntil;
}
