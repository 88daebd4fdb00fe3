import { createSign, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { issueToken } from '../auth/issue-token.ts';
import { viewAccount, viewInstallation } from '../views/account-view.ts';
import type { Account, App, Installation, Permissions, Repository, Team } from '../world/model.ts';
import type { World } from '../world/world.ts';

const newKeyPair = promisify(generateKeyPair);

/** What an App is registered with. */
export interface NewApp {
  readonly slug: string;
  readonly permissions: Permissions;
  /** Default: none. `check_run` and `check_suite` of its own reach it anyway. */
  readonly events?: readonly string[];
  readonly owner?: Account;
  readonly webhook?: { readonly url: string; readonly secret: string };
}

/** The part of the control surface about who there is. */
export interface People {
  createUser(login: string, options?: { readonly email?: string }): Account;
  createOrganization(login: string): Account;
  /** Members are active unless said otherwise; they become members of the organization, too. */
  createTeam(organization: Account, slug: string, members?: readonly Account[]): Team;
  addMember(organization: Account, member: Account, state?: 'active' | 'pending'): void;
  /** Registers an App with an RSA key and a bot user `SLUG[bot]`. */
  createApp(app: NewApp): Promise<App>;
  /** On some repositories of an account, or all; sends `installation.created`. */
  install(app: App, account: Account, repositories?: readonly Repository[]): Installation;
  /** A user's own token. */
  tokenOf(user: Account): string;
  /** A JWT as the App itself would make it: valid for `seconds` (default 540) from the forge's clock. */
  jwtOf(app: App, seconds?: number): string;
  /** An installation token with all the installation's permissions, without asking over HTTP. */
  installationTokenOf(installation: Installation): string;
  /** The `GITHUB_TOKEN` of a workflow run in that repository. */
  workflowTokenOf(repository: Repository, permissions: Permissions): Promise<string>;
  /** From now on the token is expired. */
  expire(token: string): void;
}

/** https://api.github.com/users/github-actions[bot] */
const ACTIONS_SLUG = 'github-actions';

/** Binds the control surface to a world. */
export function createPeople(world: World): People {
  const createAccount = (login: string, type: Account['type'], email?: string): Account => {
    const id = world.nextId();
    const account = { id, login, type, email: email ?? `${id}+${login}@users.noreply.github.com` };
    world.accounts.push(account);
    return account;
  };
  const addMember: People['addMember'] = (organization, member, state = 'active') => {
    const members = world.members.get(organization.id) ?? new Map<number, 'active' | 'pending'>();
    world.members.set(organization.id, members.set(member.id, state));
  };
  const createApp: People['createApp'] = async (draft) => {
    const app = await buildApp(world, draft, createAccount(`${draft.slug}[bot]`, 'Bot'));
    world.apps.push(app);
    return app;
  };
  return {
    createUser: (login, { email } = {}) => createAccount(login, 'User', email),
    createOrganization: (login) => createAccount(login, 'Organization'),
    createTeam: (organization, slug, members = []) => {
      for (const member of members) addMember(organization, member);
      const entries = members.map((member) => [member.id, 'active'] as const);
      const team: Team = { id: world.nextId(), organization, slug, members: new Map(entries) };
      world.teams.push(team);
      return team;
    },
    addMember,
    createApp,
    install: (app, account, repositories) => installApp(world, { app, account, repositories }),
    tokenOf: (account) => issueToken(world, { prefix: 'ghp', account }).value,
    jwtOf: (app, seconds = 540) => signJwt(app, Math.floor(world.clock() / 1000), seconds),
    installationTokenOf: (installation) => tokenFor(world, installation),
    workflowTokenOf: async (repository, permissions) => {
      const known = world.apps.find(({ slug }) => slug === ACTIONS_SLUG);
      const app = known ?? (await createApp({ slug: ACTIONS_SLUG, permissions: {} }));
      const installation = buildInstallation(world, {
        app,
        account: repository.owner,
        repositories: [repository],
        permissions: { metadata: 'read', ...permissions },
      });
      return tokenFor(world, installation, true);
    },
    expire: (value) => {
      const token = world.tokens.get(value);
      if (token !== undefined) token.expiresAt = world.clock();
    },
  };
}

const keys = new Map<string, ReturnType<typeof generateKeys>>();

/** Making a key takes half a second: an App of the same name has the same one in every forge of this process. */
function keysOf(slug: string): ReturnType<typeof generateKeys> {
  const known = keys.get(slug) ?? generateKeys();
  keys.set(slug, known);
  return known;
}

function generateKeys(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  return newKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}

async function buildApp(world: World, draft: NewApp, bot: Account): Promise<App> {
  const { privateKey, publicKey } = await keysOf(draft.slug);
  return {
    id: world.nextId(),
    slug: draft.slug,
    name: draft.slug,
    owner: draft.owner ?? bot,
    bot,
    privateKey,
    publicKey,
    permissions: { metadata: 'read', ...draft.permissions },
    events: draft.events ?? [],
    webhook: draft.webhook === undefined ? null : { ...draft.webhook },
    createdAt: world.clock(),
  };
}

interface NewInstallation {
  readonly app: App;
  readonly account: Account;
  readonly repositories: readonly Repository[] | undefined;
  readonly permissions?: Permissions;
}

function buildInstallation(
  world: World,
  { app, account, repositories, permissions = app.permissions }: NewInstallation,
): Installation {
  return {
    id: world.nextId(),
    app,
    account,
    permissions,
    repositories: repositories === undefined ? 'all' : new Set(repositories.map(({ id }) => id)),
    suspendedAt: null,
    createdAt: world.clock(),
  };
}

function installApp(world: World, draft: NewInstallation): Installation {
  const installation = buildInstallation(world, draft);
  world.installations.push(installation);
  const repositories = (draft.repositories ?? []).map(({ id, name, owner, private: isPrivate }) => ({
    id,
    node_id: `R_${id}`,
    name,
    full_name: `${owner.login}/${name}`,
    private: isPrivate,
  }));
  if (draft.app.webhook !== null) {
    world.webhooks.emit(draft.app, 'installation', {
      action: 'created',
      installation: viewInstallation(world, installation),
      repositories,
      requester: null,
      sender: viewAccount(world, draft.account),
    });
  }
  return installation;
}

function tokenFor(world: World, installation: Installation, workflow = false): string {
  const { permissions, repositories, app } = installation;
  const expiresAt = world.clock() + 3_600_000;
  const draft = { installation, permissions, repositories, workflow, expiresAt };
  return issueToken(world, { prefix: 'ghs', account: app.bot, ...draft }).value;
}

function signJwt(app: App, now: number, seconds: number): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iat: now - 30, exp: now + seconds, iss: app.id })}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(app.privateKey, 'base64url')}`;
}
