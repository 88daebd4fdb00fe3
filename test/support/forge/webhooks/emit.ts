import { permits } from '../auth/actor.ts';
import { viewAccount } from '../views/account-view.ts';
import { viewRepository } from '../views/repository-view.ts';
import { nodeId } from '../views/urls.ts';
import type { Account, App, Installation, Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** An event about a repository. */
export interface RepositoryEvent {
  readonly event: string;
  readonly sender: Account;
  readonly payload: Json;
  /** For this App only: its own check runs and suites. */
  readonly only?: App;
}

/** Events that every App with that permission gets without asking. */
const UNASKED: Readonly<Record<string, string>> = { check_suite: 'checks', check_run: 'checks' };

/** Sends an event to each App that is installed on the repository and listens. */
export function emitEvent(world: World, repository: Repository, event: RepositoryEvent): void {
  for (const installation of world.installations) {
    const { app } = installation;
    if (event.only !== undefined && event.only !== app) continue;
    if (!reaches(installation, repository) || !listens(installation, event)) continue;
    world.webhooks.emit(app, event.event, completePayload(world, installation, { repository, event }));
  }
}

/** Whether an installation covers a repository. */
export function reaches(installation: Installation, repository: Repository): boolean {
  const { account, repositories } = installation;
  return account === repository.owner && (repositories === 'all' || repositories.has(repository.id));
}

function listens({ app, permissions, suspendedAt }: Installation, { event, only }: RepositoryEvent): boolean {
  if (app.webhook === null || suspendedAt !== null) return false;
  const scope = UNASKED[event];
  const unasked = only === app && scope !== undefined && permits(permissions, scope, 'write');
  return unasked || app.events.includes(event);
}

interface EventOfRepository {
  readonly repository: Repository;
  readonly event: RepositoryEvent;
}

function completePayload(
  world: World,
  installation: Installation,
  { repository, event }: EventOfRepository,
): Json {
  const { owner } = repository;
  return {
    ...event.payload,
    repository: viewRepository(world, repository),
    ...(owner.type === 'Organization' ? { organization: viewOrganization(world, owner) } : {}),
    sender: viewAccount(world, event.sender),
    installation: { id: installation.id, node_id: nodeId('INS', installation.id) },
  };
}

function viewOrganization(world: World, account: Account): Json {
  const { login, id, node_id, url, repos_url, events_url, avatar_url } = viewAccount(world, account);
  const lists = ['hooks', 'issues', 'members', 'public_members'].map((name) => [
    `${name}_url`,
    `${url}/${name}`,
  ]);
  return {
    login,
    id,
    node_id,
    url,
    repos_url,
    events_url,
    avatar_url,
    description: null,
    ...Object.fromEntries(lists),
  };
}
