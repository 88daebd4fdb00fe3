import { rulesOf } from '../rules/branch-rules.ts';
import { findBlockers } from '../rules/find-blockers.ts';
import type { Pull, PullSize, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { type FileChange, readDiff } from './diff.ts';
import { isAncestor, listCommits, mergeBase, mergeTrees } from './merge.ts';

/** Whether and how a pull request can be merged, in GitHub's words. */
export interface Mergeability {
  readonly mergeable: boolean | null;
  readonly state: string;
}

/** What webhooks say: GitHub computes it only afterwards. */
export const UNKNOWN_YET: Mergeability = { mergeable: null, state: 'unknown' };

/** The tip of the base branch; of a closed pull request, as it was then. */
function baseOf(repository: Repository, pull: Pull): string {
  if (pull.issue.state === 'closed') return pull.base.sha;
  return repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
}

/** What the pull request changes: its head against the best common ancestor with the base. */
export async function readPullDiff(repository: Repository, pull: Pull): Promise<readonly FileChange[]> {
  const base = baseOf(repository, pull);
  const from = (await mergeBase(repository.git, base, pull.head.sha)) ?? base;
  return readDiff(repository.git, from, pull.head.sha);
}

/** Ids of its commits, oldest first. */
export function listPullCommits(repository: Repository, pull: Pull): Promise<readonly string[]> {
  return listCommits(repository.git, baseOf(repository, pull), pull.head.sha);
}

/** Counts commits, lines and files. */
export async function measurePull(repository: Repository, pull: Pull): Promise<PullSize> {
  const changes = await readPullDiff(repository, pull);
  return {
    commits: (await listPullCommits(repository, pull)).length,
    additions: changes.reduce((sum, { additions }) => sum + additions, 0),
    deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
    changedFiles: changes.length,
  };
}

/** Asks git and the rules, as for nobody in particular. */
export async function readMergeability(
  world: World,
  repository: Repository,
  pull: Pull,
): Promise<Mergeability> {
  if (pull.issue.state === 'closed') return UNKNOWN_YET;
  const base = baseOf(repository, pull);
  const isClean = (await mergeTrees(repository.git, base, pull.head.sha)) !== null;
  return { mergeable: isClean, state: isClean ? await stateOf(world, repository, pull) : 'dirty' };
}

async function stateOf(world: World, repository: Repository, pull: Pull): Promise<string> {
  if (pull.draft) return 'draft';
  const rules = rulesOf(repository, pull.base.ref);
  if (rules.upToDate && !(await isAncestor(repository.git, baseOf(repository, pull), pull.head.sha))) {
    return 'behind';
  }
  const blockers = await findBlockers(world, repository, { pull, rules });
  return blockers.length > 0 ? 'blocked' : 'clean';
}
