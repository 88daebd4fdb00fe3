import { findCommit, typeOf } from '../git/git-store.ts';
import { type Answer, created, ok, paramIn, type RepositoryCall, textOf } from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { viewAccount } from '../views/account-view.ts';
import { viewMinimalRepository } from '../views/repository-view.ts';
import { iso, nodeId, repositoryApi } from '../views/urls.ts';
import type { CommitStatus, Json } from '../world/model.ts';
import { actorOf } from './actor-of.ts';

/** `POST statuses/{sha}`: anybody with write access, which is why a required check is pinned to an App. */
export async function createStatus(call: RepositoryCall): Promise<Answer> {
  const { world, repository, body } = call;
  const sha = paramIn(call, 'sha');
  if ((await typeOf(repository.git, sha)) !== 'commit') {
    throw new Refusal(422, `No commit found for SHA: ${sha}`);
  }
  const status: CommitStatus = {
    id: world.nextId(),
    sha,
    context: textOf(body, 'context') ?? 'default',
    state: textOf(body, 'state') ?? 'pending',
    description: textOf(body, 'description') ?? null,
    targetUrl: textOf(body, 'target_url') ?? null,
    author: actorOf(call),
    createdAt: world.clock(),
  };
  repository.statuses.push(status);
  return created({ ...viewStatus(call, status), creator: viewAccount(world, status.author) });
}

/** `GET commits/{ref}/status`: the latest of each context, and all taken together. */
export async function getCombinedStatus(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const sha = await findCommit(repository.git, paramIn(call, 'ref'));
  if (sha === null) throw notFound();
  const newest = repository.statuses.filter((status) => status.sha === sha).reverse();
  const latest = newest.filter(
    (status, at) => newest.findIndex(({ context }) => context === status.context) === at,
  );
  return ok({
    state: combine(latest.map(({ state }) => state)),
    statuses: latest.map((status) => viewStatus(call, status)),
    sha,
    total_count: latest.length,
    repository: viewMinimalRepository(world, repository),
    commit_url: repositoryApi(world, repository, `/commits/${sha}`),
    url: repositoryApi(world, repository, `/commits/${sha}/status`),
  });
}

function combine(states: readonly string[]): string {
  if (states.some((state) => state === 'failure' || state === 'error')) return 'failure';
  return states.length > 0 && states.every((state) => state === 'success') ? 'success' : 'pending';
}

function viewStatus({ world, repository }: RepositoryCall, status: CommitStatus): Json {
  return {
    id: status.id,
    node_id: nodeId('SC', status.id),
    url: repositoryApi(world, repository, `/statuses/${status.sha}`),
    avatar_url: `${world.origin}/avatars/u/${status.author.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
  };
}
