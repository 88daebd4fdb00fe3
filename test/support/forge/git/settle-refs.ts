/**
 * What follows from refs that moved, by a push or by the REST API alike: events, pull requests whose head or base they
 * are, approvals that grow stale, check suites.
 */

import { emitSuite, ensureSuite } from '../api/check-suites.ts';
import { closePull, emitPull, markMerged } from '../api/close-pull.ts';
import { dismissReview } from '../api/dismiss-review.ts';
import { permits } from '../auth/actor.ts';
import { rulesOf } from '../rules/branch-rules.ts';
import { viewPushedCommit } from '../views/commit-view.ts';
import { viewRepository } from '../views/repository-view.ts';
import { repositoryPage } from '../views/urls.ts';
import { emitEvent, reaches } from '../webhooks/emit.ts';
import type { Account, Pull, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { readCommit, readCommits } from './commits.ts';
import { isAncestor } from './merge.ts';
import { measurePull } from './pull-facts.ts';
import { branchOf, ZERO_ID } from './ref-names.ts';

/** A ref that moved; a side is `ZERO_ID` when it did not exist then. */
export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** Commits that a `push` event lists at most: https://docs.github.com/webhooks/webhook-events-and-payloads#push. */
const PUSHED_COMMITS = 2048;

/** The refs that clients may see moving, as they are on disk. */
export async function readRefs(repository: Repository): Promise<ReadonlyMap<string, string>> {
  const format = '--format=%(refname) %(objectname)';
  const output = await repository.git.text(['for-each-ref', format, 'refs/heads', 'refs/tags', 'refs/notes']);
  const lines = output.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** Compares the refs with what was announced last, and lets everything follow that follows. */
export async function settleRefs(world: World, repository: Repository, actor: Account): Promise<void> {
  const before = repository.refs;
  const after = await readRefs(repository);
  repository.refs = after;
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  for (const ref of names) {
    const change = { ref, before: before.get(ref) ?? ZERO_ID, after: after.get(ref) ?? ZERO_ID };
    if (change.before !== change.after) await settle(world, repository, { change, actor });
  }
}

interface Move {
  readonly change: RefChange;
  readonly actor: Account;
}

async function settle(world: World, repository: Repository, move: Move): Promise<void> {
  const { change, actor } = move;
  const branch = branchOf(change.ref);
  repository.pushedAt = world.clock();
  if (branch !== null || change.ref.startsWith('refs/tags/')) await emitPush(world, repository, move);
  if (branch === null) return;
  if (change.after !== ZERO_ID) await requestSuites(world, repository, change);
  const receivers = world.repositories.filter((entry) => entry === repository || entry === repository.parent);
  for (const receiver of receivers) {
    for (const pull of openPulls(receiver)) {
      if (pull.head.repository === repository && pull.head.ref === branch) {
        await moveHead(world, receiver, { pull, change, actor });
      }
    }
  }
  await followBase(world, repository, move);
}

function openPulls(repository: Repository): readonly Pull[] {
  return [...repository.pulls.values()].filter(({ issue }) => issue.state === 'open');
}

interface PullMove extends Move {
  readonly pull: Pull;
}

async function moveHead(
  world: World,
  repository: Repository,
  { pull, change, actor }: PullMove,
): Promise<void> {
  if (change.after === ZERO_ID) {
    closePull(world, repository, { pull, actor });
    return;
  }
  await storeHead(repository, pull, change.after);
  pull.head.sha = change.after;
  pull.base.sha = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  pull.lastPusher = actor;
  pull.issue.updatedAt = world.clock();
  pull.size = await measurePull(repository, pull);
  const more = { before: change.before, after: change.after };
  emitPull(world, repository, { pull, actor, action: 'synchronize', more });
  // a head that lies in its base has nothing left to merge
  if (await isAncestor(repository.git, change.after, pull.base.sha))
    closePull(world, repository, { pull, actor });
  const rules = rulesOf(repository, pull.base.ref);
  if (rules.pullRequest?.dismissStale !== true) return;
  for (const review of pull.reviews) {
    if (review.state === 'APPROVED') dismissReview(world, repository, { pull, review, actor });
  }
}

/** Makes `refs/pull/N/head` of a commit that may live in a fork. */
export async function storeHead(repository: Repository, pull: Pull, sha: string): Promise<void> {
  const ref = `refs/pull/${pull.issue.number}/head`;
  const { repository: source } = pull.head;
  if (source === repository) await repository.git.text(['update-ref', ref, sha]);
  else await repository.git.text(['fetch', '--quiet', '--no-tags', source.git.folder, `+${sha}:${ref}`]);
}

/** A base that is gone closes; one that now holds a head has merged it, whoever pushed. */
async function followBase(world: World, repository: Repository, { change, actor }: Move): Promise<void> {
  const pulls = openPulls(repository).filter(({ base }) => `refs/heads/${base.ref}` === change.ref);
  if (pulls.length === 0) return;
  const merged = change.after === ZERO_ID ? [] : await listMergedHeads(repository, change.after);
  for (const pull of pulls) {
    if (change.after === ZERO_ID) closePull(world, repository, { pull, actor });
    else if (merged.includes(`refs/pull/${pull.issue.number}/head`)) {
      markMerged(world, repository, { pull, actor, sha: change.after });
    }
  }
}

/** All in one process: hundreds of pull requests may be open. */
async function listMergedHeads(repository: Repository, tip: string): Promise<readonly string[]> {
  const format = '--format=%(refname)';
  const output = await repository.git.text(['for-each-ref', format, `--merged=${tip}`, 'refs/pull']);
  return output.split('\n');
}

async function emitPush(world: World, repository: Repository, { change, actor }: Move): Promise<void> {
  const { ref, before, after } = change;
  const created = before === ZERO_ID;
  const deleted = after === ZERO_ID;
  const forced = !created && !deleted && !(await isAncestor(repository.git, before, after));
  const commits = deleted ? [] : await readPushed(repository, change);
  const views = commits.map((commit) => viewPushedCommit(world, repository, commit));
  const isCommit = !deleted && (await repository.git.text(['cat-file', '-t', after])) === 'commit';
  const head = isCommit ? viewPushedCommit(world, repository, await readCommit(repository.git, after)) : null;
  emitEvent(world, repository, {
    event: 'push',
    sender: actor,
    payload: {
      ref,
      before,
      after,
      base_ref: null,
      compare: repositoryPage(world, repository, `/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`),
      created,
      deleted,
      forced,
      commits: views,
      head_commit: head,
      pusher: { name: actor.login, email: actor.email },
      repository: viewRepository(world, repository),
    },
  });
}

/** Oldest first: what the ref has now and had not before; of a new branch, what no other branch has. */
async function readPushed(
  repository: Repository,
  { ref, before, after }: RefChange,
): ReturnType<typeof readCommits> {
  const others = [...repository.refs].filter(([name]) => name !== ref && branchOf(name) !== null);
  const known = before === ZERO_ID ? others.map(([, sha]) => `^${sha}`) : [`^${before}`];
  const args = ['rev-list', '--reverse', `--max-count=${PUSHED_COMMITS}`, '--stdin'];
  const { code, stdout } = await repository.git.run(args, { input: [after, ...known, ''].join('\n') });
  if (code !== 0) return [];
  return readCommits(repository.git, stdout.toString('utf8').split('\n').filter(Boolean));
}

/** GitHub opens a suite for each App that may write checks, as soon as a branch gets a commit. */
async function requestSuites(world: World, repository: Repository, change: RefChange): Promise<void> {
  for (const installation of world.installations) {
    if (!reaches(installation, repository) || !permits(installation.permissions, 'checks', 'write')) continue;
    const { app } = installation;
    if (repository.suites.some((suite) => suite.app === app && suite.sha === change.after)) continue;
    const suite = ensureSuite(world, repository, { app, sha: change.after, before: change.before });
    await emitSuite(world, repository, { suite, action: 'requested', sender: app.bot });
  }
}
