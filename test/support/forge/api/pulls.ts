import { isAncestor, mergeBase } from '../git/merge.ts';
import { measurePull, readMergeability } from '../git/pull-facts.ts';
import { storeHead } from '../git/settle-refs.ts';
import { type Answer, created, numberIn, ok, type RepositoryCall, textOf } from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { viewPull, viewSimplePull } from '../views/pull-view.ts';
import type { Json, Pull, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { actorOf, assertAuthorOr } from './actor-of.ts';
import { changeIssue, createIssueRecord } from './change-issue.ts';
import { emitPull, noteEvent } from './close-pull.ts';

/** `GET pulls`: open ones unless asked otherwise, newest first. */
export function listPulls({ world, repository, query }: RepositoryCall): Answer {
  const state = query['state'] ?? 'open';
  const { head, base } = query;
  const pulls = [...repository.pulls.values()].filter(
    (pull) =>
      (state === 'all' || pull.issue.state === state) &&
      (head === undefined || labelOf(pull).toLowerCase() === head.toLowerCase()) &&
      (base === undefined || pull.base.ref === base),
  );
  const key = query['sort'] === 'updated' ? 'updatedAt' : 'createdAt';
  const order = (a: Pull, b: Pull): number => a.issue[key] - b.issue[key] || a.issue.number - b.issue.number;
  const sorted = pulls.sort(order);
  if ((query['direction'] ?? 'desc') === 'desc') sorted.reverse();
  return ok(sorted.map((pull) => viewSimplePull(world, repository, pull)));
}

/** `GET pulls/{pull_number}`. */
export async function getPull(call: RepositoryCall): Promise<Answer> {
  return ok(await showPull(call.world, call.repository, findPull(call)));
}

/** `POST pulls`: 422 for a missing head, a duplicate, or nothing to merge. */
export async function createPull(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const actor = actorOf(call);
  assertWorkflowMayOpen(call);
  const head = findHead(world, repository, textOf(body, 'head') ?? '');
  const base = (textOf(body, 'base') ?? '').replace(/^refs\/heads\//, '');
  const tip = repository.refs.get(`refs/heads/${base}`);
  if (tip === undefined) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  assertNoDuplicate(repository, head, base);
  const issue = createIssueRecord(call, {
    title: textOf(body, 'title') ?? '',
    body: textOf(body, 'body') ?? null,
  });
  const pull: Pull = {
    id: world.nextId(),
    issue,
    head,
    base: { ref: base, sha: tip },
    draft: body['draft'] === true,
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    reviewers: [],
    teams: [],
    reviews: [],
    size: { commits: 0, additions: 0, deletions: 0, changedFiles: 0 },
    lastPusher: actor,
  };
  await storeHead(repository, pull, head.sha);
  await assertSomethingToMerge(repository, pull);
  pull.size = await measurePull(repository, pull);
  repository.issues.set(issue.number, issue);
  repository.pulls.set(issue.number, pull);
  emitPull(world, repository, { pull, actor, action: 'opened' });
  return created(await showPull(world, repository, pull));
}

/** `PATCH pulls/{pull_number}`: text, state and base. */
export async function updatePull(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const pull = findPull(call);
  assertAuthorOr(call, pull.issue.author, 'write');
  if (body['state'] === 'open' && pull.issue.state === 'closed') await bringBackHead(repository, pull);
  const base = textOf(body, 'base');
  const changes: Record<string, unknown> = {};
  if (base !== undefined && base !== pull.base.ref) {
    const tip = repository.refs.get(`refs/heads/${base}`);
    if (tip === undefined)
      throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
    assertNoDuplicate(repository, pull.head, base);
    changes['base'] = { ref: { from: pull.base.ref }, sha: { from: pull.base.sha } };
    pull.base.ref = base;
    pull.base.sha = tip;
    pull.size = await measurePull(repository, pull);
    noteEvent(world, pull.issue, { event: 'base_ref_changed', actor: actorOf(call) });
  }
  changeIssue(call, pull.issue, changes);
  return ok(await showPull(world, repository, pull));
}

/** The pull request in the path; 404 when there is none. */
export function findPull(call: RepositoryCall): Pull {
  const pull = call.repository.pulls.get(numberIn(call, 'pull_number'));
  if (pull === undefined) throw notFound();
  return pull;
}

/** `pull-request`, with what git says now. */
async function showPull(world: World, repository: Repository, pull: Pull): Promise<Json> {
  pull.size = await measurePull(repository, pull);
  return viewPull(world, repository, {
    pull,
    mergeability: await readMergeability(world, repository, pull),
  });
}

/** `owner:branch`. */
function labelOf({ head }: Pull): string {
  return `${head.repository.owner.login}:${head.ref}`;
}

/** https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#preventing-github-actions-from-creating-or-approving-pull-requests */
function assertWorkflowMayOpen({ actor, repository }: RepositoryCall): void {
  const isWorkflow = actor.kind === 'token' && actor.token.workflow;
  if (isWorkflow && !repository.actions.mayApprove) {
    throw new Refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.');
  }
}

function findHead(world: World, repository: Repository, label: string): Pull['head'] {
  const [first = '', ...rest] = label.split(':');
  const [owner, branch] = rest.length === 0 ? [repository.owner.login, first] : [first, rest.join(':')];
  const network = world.repositories.filter(
    (entry) => entry === repository || entry.parent === repository || repository.parent === entry,
  );
  const source = network.find((entry) => entry.owner.login.toLowerCase() === owner.toLowerCase());
  const ref = branch.replace(/^refs\/heads\//, '');
  const sha = source?.refs.get(`refs/heads/${ref}`);
  if (source === undefined || sha === undefined) {
    throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  }
  return { repository: source, ref, sha };
}

function assertNoDuplicate(repository: Repository, head: Pull['head'], base: string): void {
  const isSame = ({ issue, head: other, base: { ref } }: Pull): boolean =>
    issue.state === 'open' && other.repository === head.repository && other.ref === head.ref && ref === base;
  if (![...repository.pulls.values()].some(isSame)) return;
  const message = `A pull request already exists for ${head.repository.owner.login}:${head.ref}.`;
  throw validationFailed({ resource: 'PullRequest', code: 'custom', message });
}

async function assertSomethingToMerge(repository: Repository, { head, base }: Pull): Promise<void> {
  const { git } = repository;
  if ((await mergeBase(git, base.sha, head.sha)) === null) {
    const message = `The ${head.ref} branch has no history in common with ${base.ref}`;
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message });
  }
  if (!(await isAncestor(git, head.sha, base.sha))) return;
  const message = `No commits between ${base.ref} and ${head.ref}`;
  throw validationFailed({ resource: 'PullRequest', code: 'custom', message });
}

/** A head may have moved forwards while its pull request was closed; one that was replaced cannot come back. */
async function bringBackHead(repository: Repository, pull: Pull): Promise<void> {
  const { head } = pull;
  const sha = head.repository.refs.get(`refs/heads/${head.ref}`);
  const isSame = sha !== undefined && (await isAncestor(head.repository.git, head.sha, sha));
  if (pull.mergedAt !== null || !isSame) {
    const message = 'state cannot be changed. The branch was merged, deleted, force-pushed or recreated.';
    throw validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  }
  assertNoDuplicate(repository, head, pull.base.ref);
  await storeHead(repository, pull, sha);
  head.sha = sha;
}

function validationFailed(error: Readonly<Record<string, string>>): Refusal {
  return new Refusal(422, 'Validation Failed', { body: { errors: [error] } });
}
