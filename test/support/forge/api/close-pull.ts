import { viewPull } from '../views/pull-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Account, Issue, Json, Pull, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** Who does something to a pull request. */
export interface PullAction {
  readonly pull: Pull;
  readonly actor: Account;
}

/** Sends `pull_request`, with the pull request as the forge knows it. */
export function emitPull(
  world: World,
  repository: Repository,
  { pull, actor, action, more = {} }: PullAction & { readonly action: string; readonly more?: Json },
): void {
  emitEvent(world, repository, {
    event: 'pull_request',
    sender: actor,
    payload: {
      action,
      number: pull.issue.number,
      ...more,
      pull_request: viewPull(world, repository, { pull }),
    },
  });
}

/** Notes something in the history of an issue or pull request. */
export function noteEvent(
  world: World,
  issue: Issue,
  { event, actor, label = null, commit = null }: NewIssueEvent,
): void {
  issue.events.push({ id: world.nextId(), event, actor, at: world.clock(), label, commit });
}

interface NewIssueEvent {
  readonly event: string;
  readonly actor: Account;
  readonly label?: string | null;
  readonly commit?: string | null;
}

/** Closes without merging. */
export function closePull(world: World, repository: Repository, { pull, actor }: PullAction): void {
  if (pull.issue.state === 'closed') return;
  closeIssue(world, pull.issue, actor);
  pull.base.sha = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  emitPull(world, repository, { pull, actor, action: 'closed' });
}

/** Closes as merged; `sha` is what the base branch got. */
export function markMerged(
  world: World,
  repository: Repository,
  { pull, actor, sha }: PullAction & { readonly sha: string },
): void {
  if (pull.issue.state === 'closed') return;
  pull.mergedAt = world.clock();
  pull.mergedBy = actor;
  pull.mergeCommit = sha;
  noteEvent(world, pull.issue, { event: 'merged', actor, commit: sha });
  closeIssue(world, pull.issue, actor);
  emitPull(world, repository, { pull, actor, action: 'closed' });
}

/** The part that issues and pull requests share. */
export function closeIssue(world: World, issue: Issue, actor: Account): void {
  issue.state = 'closed';
  issue.closedAt = world.clock();
  issue.closedBy = actor;
  issue.updatedAt = world.clock();
  noteEvent(world, issue, { event: 'closed', actor });
}
