import { roleOf } from '../auth/access.ts';
import { permits } from '../auth/actor.ts';
import {
  type Answer,
  type Call,
  noContent,
  numberIn,
  ok,
  paramIn,
  type RepositoryCall,
} from '../http/call.ts';
import { notAccessible, notFound, Refusal } from '../http/refusal.ts';
import { viewAccount, viewProfile, viewTeam } from '../views/account-view.ts';
import { apiUrl, iso } from '../views/urls.ts';
import type { Account, Role, Team } from '../world/model.ts';
import { actorOf } from './actor-of.ts';

/** `GET /user`: for users only. */
export function getAuthenticatedUser(call: Call): Answer {
  const { actor } = call;
  if (actor.kind === 'token' && actor.token.installation !== null) throw notAccessible();
  return ok(viewProfile(call.world, actorOf(call)));
}

/** `GET /users/{username}`. */
export function getUser(call: Call): Answer {
  return ok(viewProfile(call.world, findAccount(call, paramIn(call, 'username'))));
}

/** `GET /user/{account_id}`. */
export function getUserById(call: Call): Answer {
  const account = call.world.accounts.find(({ id }) => id === numberIn(call, 'account_id'));
  if (account === undefined) throw notFound();
  return ok(viewProfile(call.world, account));
}

/** GitHub's legacy words: triage is a kind of read, maintain a kind of write. */
const PERMISSION: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

/** `GET collaborators/{username}/permission`. */
export function getCollaboratorPermission(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const account = findAccount(call, paramIn(call, 'username'));
  const role = roleOf(world, repository, account);
  return ok({
    permission: PERMISSION[role],
    role_name: role,
    user: { ...viewAccount(world, account), role_name: role },
  });
}

/** `GET /orgs/{org}/memberships/{username}`. */
export function getOrganizationMembership(call: Call): Answer {
  const organization = findOrganization(call);
  const account = findAccount(call, paramIn(call, 'username'));
  const state = call.world.members.get(organization.id)?.get(account.id);
  if (state === undefined) throw notFound();
  const url = apiUrl(call.world, `/orgs/${organization.login}`);
  return ok({
    url: `${url}/memberships/${account.login}`,
    state,
    role: 'member',
    organization_url: url,
    organization: viewOrganization(call, organization),
    user: viewAccount(call.world, account),
  });
}

/** `GET /orgs/{org}/members/{username}`: 204 for a member. */
export function checkOrganizationMember(call: Call): Answer {
  const organization = findOrganization(call);
  const account = findAccount(call, paramIn(call, 'username'));
  if (call.world.members.get(organization.id)?.get(account.id) !== 'active') throw notFound();
  return noContent();
}

/** `GET /orgs/{org}/teams/{team_slug}`. */
export function getTeam(call: Call): Answer {
  const team = findTeam(call);
  const at = iso(0);
  const counts = { members_count: team.members.size, repos_count: 0 };
  const organization = {
    ...viewOrganization(call, team.organization),
    html_url: `${call.world.origin}/${team.organization.login}`,
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: 'Organization',
    created_at: at,
    updated_at: at,
    archived_at: null,
  };
  return ok({ ...viewTeam(call.world, team), ...counts, created_at: at, updated_at: at, organization });
}

/** `GET /orgs/{org}/teams/{team_slug}/members`: active ones. */
export function listTeamMembers(call: Call): Answer {
  const { members } = findTeam(call);
  const active = call.world.accounts.filter(({ id }) => members.get(id) === 'active');
  return ok(active.map((account) => viewAccount(call.world, account)));
}

/** `GET /orgs/{org}/teams/{team_slug}/memberships/{username}`: active or pending; 404 for others. */
export function getTeamMembership(call: Call): Answer {
  const team = findTeam(call);
  const account = findAccount(call, paramIn(call, 'username'));
  const state = team.members.get(account.id);
  if (state === undefined) throw notFound();
  const url = apiUrl(
    call.world,
    `/organizations/${team.organization.id}/team/${team.id}/memberships/${account.login}`,
  );
  return ok({ url, role: 'member', state });
}

/** `GET /rate_limit`. */
export function getRateLimit({ world }: Call): Answer {
  const limit = { limit: 5000, used: 0, remaining: 5000, reset: Math.floor(world.clock() / 1000) + 3600 };
  return ok({ resources: { core: limit, search: limit }, rate: limit });
}

function findAccount({ world }: Call, login: string): Account {
  const account = world.accounts.find((entry) => entry.login.toLowerCase() === login.toLowerCase());
  if (account === undefined) throw notFound();
  return account;
}

/** Members are shown to members, and to Apps of the organization that may read them. */
function findOrganization(call: Call): Account {
  const { world, actor } = call;
  const organization = findAccount(call, paramIn(call, 'org'));
  if (organization.type !== 'Organization') throw notFound();
  if (actor.kind !== 'token') throw new Refusal(401, 'Requires authentication');
  const { installation, permissions } = actor.token;
  if (installation !== null) {
    const isOwn = installation.account === organization;
    if (!isOwn || !permits(permissions, 'members', 'read')) throw notAccessible();
  } else if (world.members.get(organization.id)?.get(actor.account.id) !== 'active') throw notFound();
  return organization;
}

function findTeam(call: Call): Team {
  const organization = findOrganization(call);
  const slug = paramIn(call, 'team_slug').toLowerCase();
  const team = call.world.teams.find((entry) => entry.organization === organization && entry.slug === slug);
  if (team === undefined) throw notFound();
  return team;
}

function viewOrganization({ world }: Call, account: Account): Record<string, unknown> {
  const { login, id, node_id, avatar_url, repos_url, events_url } = viewAccount(world, account);
  const url = apiUrl(world, `/orgs/${account.login}`);
  return {
    login,
    id,
    node_id,
    url,
    repos_url,
    events_url,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url,
    description: null,
  };
}
