import { includesRole, roleOf } from '../auth/access.ts';
import type { Account, App, Installation, Json, Repository, Team } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { apiUrl, iso, isoOrNull, nodeId } from './urls.ts';

/** `simple-user`. */
export function viewAccount(world: World, account: Account): Json {
  const url = apiUrl(world, `/users/${encodeURIComponent(account.login)}`);
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('U', account.id),
    avatar_url: `${world.origin}/avatars/u/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.origin}/${encodeURIComponent(account.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** `public-user`: an account with its profile. */
export function viewProfile(world: World, account: Account): Json {
  const profile = { name: null, company: null, blog: null, location: null, email: null, hireable: null };
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 };
  const times = { created_at: iso(0), updated_at: iso(0) };
  return { ...viewAccount(world, account), ...profile, bio: null, ...counts, ...times };
}

/** `integration`. */
export function viewApp(world: World, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: viewAccount(world, app.owner),
    name: app.name,
    description: null,
    external_url: `${world.origin}/apps/${app.slug}`,
    html_url: `${world.origin}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

/** `installation`. */
export function viewInstallation(world: World, installation: Installation): Json {
  const { app, account } = installation;
  return {
    id: installation.id,
    account: viewAccount(world, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: apiUrl(world, `/app/installations/${installation.id}/access_tokens`),
    repositories_url: apiUrl(world, '/installation/repositories'),
    html_url: `${world.origin}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: app.events,
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.createdAt),
    single_file_name: null,
    suspended_by: null,
    suspended_at: isoOrNull(installation.suspendedAt),
  };
}

/** `team-simple`, and as webhooks show a team. */
export function viewTeam(world: World, team: Team): Json {
  const path = `/organizations/${team.organization.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    url: apiUrl(world, path),
    html_url: `${world.origin}/orgs/${team.organization.login}/teams/${team.slug}`,
    name: team.slug,
    slug: team.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    type: 'organization',
    organization_id: team.organization.id,
    members_url: apiUrl(world, `${path}/members{/member}`),
    repositories_url: apiUrl(world, `${path}/repos`),
    parent: null,
  };
}

/** How an author stands to a repository, in GitHub's words. */
export function associationOf(world: World, repository: Repository, account: Account): string {
  if (repository.owner === account) return 'OWNER';
  if (world.members.get(repository.owner.id)?.get(account.id) === 'active') return 'MEMBER';
  return includesRole(roleOf(world, repository, account), 'write') ? 'COLLABORATOR' : 'NONE';
}
