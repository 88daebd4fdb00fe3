import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { LANE_BRANCHES } from '../review/index.ts';
import type { GitRepository } from './git-port.ts';
import type { WorkTree } from './work-tree-port.ts';

/** A proposal that `peak cycle --publish branch` put on a branch of this clone and that is not in the work tree: not merged yet. */
export interface WaitingProposal {
  readonly branch: string;
  readonly id: string;
}

/** Proposals on local branches that wait to be merged, by branch. None outside Git. */
export async function listWaiting(
  git: Pick<GitRepository, 'resolve' | 'list'> | null,
  workTree: Pick<WorkTree, 'listNames'>,
): Promise<readonly WaitingProposal[]> {
  if (git === null) return [];
  const here = new Set(workTree.listNames(PROPOSALS_PATH));
  const waiting: WaitingProposal[] = [];
  for (const branch of Object.values(LANE_BRANCHES)) {
    const commit = await git.resolve(`refs/heads/${branch}`);
    if (commit === null) continue;
    const files = await git.list(commit, [PROPOSALS_PATH]);
    const ids = new Set(files.map(({ path }) => path.slice(PROPOSALS_PATH.length + 1).split('/')[0] ?? ''));
    for (const id of ids) if (id.startsWith('live_promotion_') && !here.has(id)) waiting.push({ branch, id });
  }
  return waiting;
}
