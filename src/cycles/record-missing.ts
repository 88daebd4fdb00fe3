import { DAY_MS } from '../kernel/instant.ts';
import type { JudgeDesk } from './judge-desk.ts';
import { recordMerge } from './record-merge.ts';

/** Merges whose webhook was lost are looked for so far back, in milliseconds; the audit names what is older. */
const LOOK_BACK_MS = 7 * DAY_MS;

/** Merges that are looked up in one go; the next reconciliation goes on. */
const MAX_LOOKED_UP = 50;

/**
 * Notes the merges into the default branch that no webhook told of: commits without a note that GitHub says are a pull request's, and whose
 * head this judge has judged. What was merged before it was there, or pushed past it, stays without one. Answers how many were noted.
 */
export async function recordMissing(desk: JudgeDesk): Promise<number> {
  const { memory, mirror, access, merging, checks } = desk;
  const { defaultBranch } = await memory.repository.of('', () => access.repository());
  const base = await mirror.syncBase(defaultBranch);
  if (base === null) return 0;
  await mirror.syncNotes();
  const noted = new Set((await mirror.records.notes()).map(({ commit }) => commit));
  const { commits } = await mirror.repository.firstParents(base.tip);
  const since = desk.clock() - LOOK_BACK_MS;
  const missing = commits.filter(({ id, claimed }) => claimed >= since && !noted.has(id));
  let recorded = 0;
  for (const { id } of missing.slice(-MAX_LOOKED_UP)) {
    const merged = await memory.merges.of(id, () => merging.mergedBy(id));
    if (merged === null || (await checks.latest(merged.head)) === null) continue;
    if ((await recordMerge(desk, merged.number)) !== null) recorded += 1;
  }
  return recorded;
}
