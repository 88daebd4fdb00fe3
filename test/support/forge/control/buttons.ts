import { BugError } from '../../../../src/kernel/app-error.ts';
import { emitCheckRun } from '../api/checks.ts';
import { emitPull } from '../api/close-pull.ts';
import { personOf, readCommit, webFlow, writeCommit } from '../git/commits.ts';
import { mergeTrees, unpick } from '../git/merge.ts';
import { settleRefs } from '../git/settle-refs.ts';
import { rulesOf } from '../rules/branch-rules.ts';
import { passes } from '../rules/find-blockers.ts';
import { viewSimpleCommit } from '../views/commit-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Account, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** A group that the merge queue built: what the branch will be if its checks pass. */
export interface MergeGroup {
  readonly ref: string;
  readonly head: string;
  readonly base: string;
  readonly baseRef: string;
  readonly number: number;
}

/** What people press on GitHub's pages, and no REST operation does. */
export interface Buttons {
  /** A button of a check run: `check_run.requested_action`. */
  pressAction(repository: Repository, press: ActionPress): void;
  /** "Ready for review" on a draft. */
  markReady(repository: Repository, number: number, actor: Account): void;
  /** "Revert" on a merged pull request: a branch with the opposite change; null when that conflicts. Open it by REST. */
  pushRevert(repository: Repository, number: number, actor: Account): Promise<string | null>;
  /** Puts a pull request into a queue of one: `merge_group.checks_requested`. */
  enqueue(repository: Repository, number: number, actor: Account): Promise<MergeGroup>;
  /** Lets the queue go on: moves the base if every required check passed on the group's head. */
  finishGroup(repository: Repository, group: MergeGroup, actor: Account): Promise<boolean>;
}

interface ActionPress {
  readonly checkRun: number;
  readonly identifier: string;
  readonly actor: Account;
}

/** Binds the control surface to a world. */
export function createButtons(world: World): Buttons {
  return {
    pressAction: (repository, { checkRun, identifier, actor }) => {
      const run = repository.checkRuns.find(({ id }) => id === checkRun);
      if (run === undefined) throw new BugError(`there is no check run ${checkRun}`);
      const more = { requested_action: { identifier } };
      emitCheckRun(world, repository, { run, action: 'requested_action', sender: actor, more });
    },
    markReady: (repository, number, actor) => {
      const pull = pullOf(repository, number);
      pull.draft = false;
      emitPull(world, repository, { pull, actor, action: 'ready_for_review' });
    },
    pushRevert: (repository, number, actor) =>
      world.writing.run(() => pushRevert(world, repository, { number, actor })),
    enqueue: (repository, number, actor) =>
      world.writing.run(() => buildGroup(world, repository, { number, actor })),
    finishGroup: (repository, group, actor) =>
      world.writing.run(() => finishGroup(world, repository, { group, actor })),
  };
}

interface Press {
  readonly number: number;
  readonly actor: Account;
}

function pullOf(repository: Repository, number: number): NonNullable<ReturnType<Repository['pulls']['get']>> {
  const pull = repository.pulls.get(number);
  if (pull === undefined) throw new BugError(`there is no pull request ${number}`);
  return pull;
}

async function pushRevert(
  world: World,
  repository: Repository,
  { number, actor }: Press,
): Promise<string | null> {
  const { git } = repository;
  const { mergeCommit, head, base, issue } = pullOf(repository, number);
  const tip = repository.refs.get(`refs/heads/${base.ref}`);
  if (mergeCommit === null || tip === undefined) throw new BugError(`pull request ${number} is not merged`);
  const tree = await unpick(git, tip, mergeCommit);
  if (tree === null) return null;
  const sha = await writeCommit(git, {
    tree,
    parents: [tip],
    author: personOf(actor, world.clock()),
    committer: webFlow(world.clock()),
    message: `Revert "${issue.title}"\n\nThis reverts commit ${mergeCommit}.\n`,
    signed: true,
  });
  const branch = `revert-${number}-${head.ref}`;
  await git.text(['update-ref', `refs/heads/${branch}`, sha]);
  await settleRefs(world, repository, actor);
  return branch;
}

async function buildGroup(
  world: World,
  repository: Repository,
  { number, actor }: Press,
): Promise<MergeGroup> {
  const { git } = repository;
  const { head, base, issue } = pullOf(repository, number);
  const tip = repository.refs.get(`refs/heads/${base.ref}`) ?? '';
  const tree = await mergeTrees(git, tip, head.sha);
  if (tree === null) throw new BugError(`pull request ${number} conflicts with ${base.ref}`);
  const sha = await writeCommit(git, {
    tree,
    parents: [tip, head.sha],
    author: personOf(actor, world.clock()),
    committer: webFlow(world.clock()),
    message: `Merge pull request #${number}\n\n${issue.title}\n`,
    signed: true,
  });
  const ref = `refs/heads/gh-readonly-queue/${base.ref}/pr-${number}-${tip}`;
  const group = { ref, head: sha, base: tip, baseRef: `refs/heads/${base.ref}`, number };
  await git.text(['update-ref', ref, sha]);
  await settleRefs(world, repository, actor);
  const view = {
    head_sha: sha,
    head_ref: ref,
    base_sha: tip,
    base_ref: group.baseRef,
    head_commit: viewSimpleCommit(await readCommit(git, sha)),
  };
  const payload = { action: 'checks_requested', merge_group: view };
  emitEvent(world, repository, { event: 'merge_group', sender: actor, payload });
  return group;
}

interface GroupPress {
  readonly group: MergeGroup;
  readonly actor: Account;
}

async function finishGroup(
  world: World,
  repository: Repository,
  { group, actor }: GroupPress,
): Promise<boolean> {
  const rules = rulesOf(repository, group.baseRef.replace('refs/heads/', ''));
  const isReady = rules.checks.every((check) => passes(repository, group.head, check));
  if (!isReady || repository.refs.get(group.baseRef) !== group.base) return false;
  await repository.git.text(['update-ref', group.baseRef, group.head, group.base]);
  await repository.git.text(['update-ref', '-d', group.ref]);
  await settleRefs(world, repository, actor);
  return true;
}
