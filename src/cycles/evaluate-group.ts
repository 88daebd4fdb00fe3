import { stopPromotion, type Verdict } from '../review/index.ts';
import { toPosting } from './check-posting.ts';
import { isGoverned } from './governed-branch.ts';
import type { JudgeDesk } from './judge-desk.ts';
import { judgeAt } from './judge-pull.ts';
import { readPolicyAt } from './read-base-policy.ts';

/** A group that a merge queue has built: the base branch as it would be. */
export interface MergeGroup {
  /** Names of branches. */
  readonly headRef: string;
  readonly branch: string;
  /** Full ids: the group, and what it was built on, which may be another group. */
  readonly head: string;
  readonly base: string;
}

/** GitHub's name for the branch of a group: `gh-readonly-queue/main/pr-7-<sha>`. */
const GROUP_BRANCH = /\/pr-(\d+)-[0-9a-f]+$/;

/**
 * Judges a merge group against what it was built on, by the mode of the tip, and posts the check on it; without an answer the queue
 * would time out. Null where the branch is not governed, or nobody can say whose pull request it is.
 */
export async function evaluateGroup(desk: JudgeDesk, group: MergeGroup): Promise<Verdict | null> {
  const stamp = desk.stamp();
  const number = Number(GROUP_BRANCH.exec(group.headRef)?.[1] ?? 0);
  const state = number === 0 ? null : await desk.pulls.read(number);
  if (state === null || !(await isGoverned(desk, group.branch))) return null;
  const tip = await desk.mirror.syncBase(group.branch);
  if (tip === null) return null;
  const head = { ...state.pull.head, sha: group.head };
  const source = { branch: group.headRef };
  const grouped = { ...state, pull: { ...state.pull, head } };
  const judged = await judgeAt(desk, grouped, { tip: group.base, now: desk.clock(), source });
  if (judged === null) return null;
  const policy = await readPolicyAt(desk.mirror.repository, tip.tip);
  const isOff = policy === null || policy.promotion.mode === 'disabled';
  const verdict = isOff ? stopPromotion(judged.verdict) : judged.verdict;
  await desk.checks.post(toPosting({ ...judged, verdict }, stamp), null);
  return verdict;
}
