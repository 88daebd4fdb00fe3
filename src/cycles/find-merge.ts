import type { Instant } from '../kernel/instant.ts';
import { proposalIdsIn } from './committed-files.ts';
import type { JudgeDesk } from './judge-desk.ts';
import type { PullRequest } from './pull-reader-port.ts';

/** A merge into a base branch. */
export interface Merge {
  /** The tip right before. */
  readonly tip: string;
  readonly now: Instant;
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

/** A proposal, and when its merge says that it was made. */
export interface MergedProposal {
  readonly id: string;
  readonly mergedAt: Instant;
}

/** The one proposal that a merge brought, from what it changed; null for none or several, and where nothing was merged. */
export async function findMergedProposal(
  desk: JudgeDesk,
  pull: PullRequest | null,
): Promise<MergedProposal | null> {
  if (pull === null || pull.mergedAs === null) return null;
  const merged = await findMerge(desk, pull, pull.mergedAs);
  if (merged === null) return null;
  const changes = await desk.mirror.repository.diff(merged.tip, pull.mergedAs);
  const added = changes.filter(({ before }) => before === null).map(({ path }) => path);
  const [id, ...more] = proposalIdsIn(added);
  return id === undefined || more.length > 0 ? null : { id, mergedAt: merged.now };
}
