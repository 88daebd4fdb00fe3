import { rulesOf } from '../rules/branch-rules.ts';
import { findBlockers } from '../rules/find-blockers.ts';
import type { Pull, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { readDiff } from './diff.ts';
import { isAncestor, listCommits, mergeBase, mergeTrees } from './merge.ts';

/** What only git knows of a pull request. */
export interface PullFacts {
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** The tip of the base branch; of a closed pull request, as it was then. */
export function baseOf(repository: Repository, pull: Pull): string {
  if (pull.issue.state === 'closed') return pull.base.sha;
  return repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
}

/** Computes them; GitHub does the same a little later, and says `null` until then. */
export async function readPullFacts(world: World, repository: Repository, pull: Pull): Promise<PullFacts> {
  const { git } = repository;
  const base = baseOf(repository, pull);
  const from = (await mergeBase(git, base, pull.head.sha)) ?? base;
  const changes = await readDiff(git, from, pull.head.sha);
  const isOpen = pull.issue.state === 'open';
  const mergeable = isOpen ? (await mergeTrees(git, base, pull.head.sha)) !== null : null;
  return {
    mergeable,
    mergeableState: isOpen ? await stateOf(world, repository, { pull, base, mergeable }) : 'unknown',
    commits: (await listCommits(git, base, pull.head.sha)).length,
    additions: changes.reduce((sum, { additions }) => sum + additions, 0),
    deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
    changedFiles: changes.length,
  };
}

interface Standing {
  readonly pull: Pull;
  readonly base: string;
  readonly mergeable: boolean | null;
}

async function stateOf(
  world: World,
  repository: Repository,
  { pull, base, mergeable }: Standing,
): Promise<string> {
  if (mergeable !== true) return 'dirty';
  if (pull.draft) return 'draft';
  const rules = rulesOf(repository, pull.base.ref);
  if (rules.upToDate && !(await isAncestor(repository.git, base, pull.head.sha))) return 'behind';
  const blockers = await findBlockers(world, repository, { pull, rules });
  return blockers.length > 0 ? 'blocked' : 'clean';
}
