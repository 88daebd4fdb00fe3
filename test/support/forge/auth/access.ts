import { notAccessible, notFound, Refusal } from '../http/refusal.ts';
import { type Account, type Repository, ROLES, type Role } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { type Actor, permits } from './actor.ts';

/** What a call needs: of an App one of the permissions, of a user a role. */
export interface Need {
  readonly scopes: readonly string[];
  readonly level: 'read' | 'write';
  readonly role: Role;
}

/** Permissions that everybody has on a public repository. */
const PUBLIC = new Set(['metadata', 'contents', 'pull_requests', 'issues', 'checks', 'statuses']);

/** The role of an account in a repository, by ownership, collaboration or public visibility. */
export function roleOf(world: World, repository: Repository, account: Account): Role {
  if (repository.owner === account) return 'admin';
  const given = repository.roles.get(account.id);
  if (given !== undefined) return given;
  const isMember = world.members.get(repository.owner.id)?.get(account.id) === 'active';
  return isMember || !repository.private ? 'read' : 'none';
}

/** Whether one role includes another. */
export function includesRole(given: Role, wanted: Role): boolean {
  return ROLES.indexOf(given) >= ROLES.indexOf(wanted);
}

/** 404 for what the actor must not know of, 403 for what it may see and not do. */
export function assertAccess(world: World, actor: Actor, { repository, need }: RepositoryNeed): void {
  if (actor.kind === 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
  if (actor.kind === 'anonymous') {
    if (repository.private) throw notFound();
    if (need.level === 'write') throw new Refusal(401, 'Requires authentication');
    if (!isPublic(need)) throw new Refusal(401, 'Requires authentication');
  } else if (actor.token.installation === null) {
    assertRole(roleOf(world, repository, actor.account), need);
  } else {
    assertPermission(actor, repository, need);
  }
  if (need.level === 'write' && repository.archived) {
    throw new Refusal(403, 'Repository was archived so is read-only.');
  }
}

interface RepositoryNeed {
  readonly repository: Repository;
  readonly need: Need;
}

function assertRole(role: Role, need: Need): void {
  if (role === 'none') throw notFound();
  if (includesRole(role, need.role)) return;
  throw need.level === 'read' ? notFound() : new Refusal(403, 'Must have admin rights to Repository.');
}

function assertPermission(
  actor: Extract<Actor, { kind: 'token' }>,
  repository: Repository,
  need: Need,
): void {
  const { repositories, permissions, installation } = actor.token;
  const isPublicRead = !repository.private && need.level === 'read' && isPublic(need);
  if (isPublicRead) return;
  const isInstalled = installation?.account === repository.owner;
  const reaches = isInstalled && (repositories === 'all' || repositories.has(repository.id));
  if (!reaches) throw repository.private ? notFound() : notAccessible();
  if (!need.scopes.some((scope) => permits(permissions, scope, need.level))) throw notAccessible();
}

function isPublic(need: Need): boolean {
  return need.scopes.some((scope) => PUBLIC.has(scope));
}
