import { appOf, permits } from '../auth/actor.ts';
import { issueToken } from '../auth/issue-token.ts';
import {
  type Answer,
  type Call,
  created,
  numberIn,
  ok,
  paramIn,
  type RepositoryCall,
  textsOf,
} from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { viewApp, viewInstallation } from '../views/account-view.ts';
import { viewRepository } from '../views/repository-view.ts';
import { iso } from '../views/urls.ts';
import { reaches } from '../webhooks/emit.ts';
import type { App, Installation, Permissions, Repository, Token } from '../world/model.ts';

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app */
const TOKEN_MS = 3_600_000;

/** `GET /app`. */
export function getAuthenticatedApp(call: Call): Answer {
  const app = authenticatedApp(call);
  const count = call.world.installations.filter((entry) => entry.app === app).length;
  return ok({ ...viewApp(call.world, app), installations_count: count });
}

/** `GET /app/installations`. */
export function listInstallations(call: Call): Answer {
  const app = authenticatedApp(call);
  const own = call.world.installations.filter((entry) => entry.app === app);
  return ok(own.map((installation) => viewInstallation(call.world, installation)));
}

/** `GET /app/installations/{installation_id}`. */
export function getInstallation(call: Call): Answer {
  return ok(viewInstallation(call.world, findInstallation(call)));
}

/** `GET /repos/{owner}/{repo}/installation`: 404 where the App is not installed. */
export function getRepositoryInstallation(call: Call): Answer {
  const { world } = call;
  const app = authenticatedApp(call);
  const [owner, name] = [paramIn(call, 'owner').toLowerCase(), paramIn(call, 'repo').toLowerCase()];
  const repository = world.repositories.find(
    (entry) => entry.owner.login.toLowerCase() === owner && entry.name.toLowerCase() === name,
  );
  const found = world.installations.find(
    (entry) => entry.app === app && repository !== undefined && reaches(entry, repository),
  );
  if (found === undefined) throw notFound();
  return ok(viewInstallation(world, found));
}

/** `POST /app/installations/{installation_id}/access_tokens`: for a part of permissions and repositories, if asked. */
export function createAccessToken(call: Call): Answer {
  const { world, body } = call;
  const installation = findInstallation(call);
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended');
  const permissions = narrowPermissions(installation, body['permissions'] as Permissions | undefined);
  const repositories = narrowRepositories(call, installation);
  const expiresAt = world.clock() + TOKEN_MS;
  const token = issueToken(world, {
    prefix: 'ghs',
    account: installation.app.bot,
    installation,
    permissions,
    repositories,
    expiresAt,
  });
  const chosen = world.repositories.filter(({ id }) => repositories !== 'all' && repositories.has(id));
  return created({
    token: token.value,
    expires_at: iso(expiresAt),
    permissions,
    repository_selection: repositories === 'all' ? 'all' : 'selected',
    ...(repositories === 'all' ? {} : { repositories: chosen.map((entry) => viewRepository(world, entry)) }),
  });
}

/** `GET /installation/repositories`. */
export function listInstallationRepositories({ world, actor }: Call): Answer {
  if (actor.kind !== 'token' || actor.token.installation === null) {
    throw new Refusal(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  }
  const { installation, repositories } = actor.token;
  const visible = world.repositories.filter(
    (entry) => reaches(installation, entry) && (repositories === 'all' || repositories.has(entry.id)),
  );
  return ok({
    total_count: visible.length,
    repository_selection: repositories === 'all' ? 'all' : 'selected',
    repositories: visible.map((entry) => viewRepository(world, entry)),
  });
}

/** `GET /apps/{app_slug}`. */
export function getAppBySlug(call: Call): Answer {
  const app = call.world.apps.find(({ slug }) => slug === paramIn(call, 'app_slug'));
  if (app === undefined) throw notFound();
  return ok(viewApp(call.world, app));
}

/** The App whose installation token this call carries; 403 for everybody else. */
export function requireApp(call: RepositoryCall): App {
  const app = appOf(call.actor);
  if (app === null) throw new Refusal(403, 'You must authenticate via a GitHub App.');
  return app;
}

function authenticatedApp({ actor }: Call): App {
  if (actor.kind === 'app') return actor.app;
  throw new Refusal(401, 'A JSON web token could not be decoded');
}

function findInstallation(call: Call): Installation {
  const app = authenticatedApp(call);
  const id = numberIn(call, 'installation_id');
  const found = call.world.installations.find((entry) => entry.id === id && entry.app === app);
  if (found === undefined) throw notFound();
  return found;
}

function narrowPermissions(installation: Installation, asked: Permissions | undefined): Permissions {
  if (asked === undefined) return installation.permissions;
  for (const [scope, level] of Object.entries(asked)) {
    if (!permits(installation.permissions, scope, level)) {
      throw new Refusal(422, 'The permissions requested are not granted to this installation.');
    }
  }
  return { metadata: 'read', ...asked };
}

function narrowRepositories({ world, body }: Call, installation: Installation): Token['repositories'] {
  const names = textsOf(body, 'repositories');
  const ids = body['repository_ids'] as readonly number[] | undefined;
  if (names === undefined && ids === undefined) return installation.repositories;
  const isAsked = (entry: Repository): boolean =>
    (names?.includes(entry.name) ?? false) || (ids?.includes(entry.id) ?? false);
  const chosen = world.repositories.filter((entry) => reaches(installation, entry) && isAsked(entry));
  if (chosen.length !== (names?.length ?? 0) + (ids?.length ?? 0)) {
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return new Set(chosen.map(({ id }) => id));
}
