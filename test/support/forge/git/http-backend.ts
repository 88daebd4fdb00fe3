/** git's own smart HTTP, run as CGI: https://git-scm.com/docs/git-http-backend. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { assertAccess, roleOf } from '../auth/access.ts';
import { type Actor, appOf, permits } from '../auth/actor.ts';
import { findRenamed, findRepository, type RestAnswer } from '../http/answer-rest.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { Received } from '../http/server.ts';
import { refusalOf } from '../rules/assert-ref-update.ts';
import { rulesOf } from '../rules/branch-rules.ts';
import { fullName } from '../views/urls.ts';
import type { Account, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { readCommands } from './push-commands.ts';
import { branchOf } from './ref-names.ts';
import { GIT_ENVIRONMENT } from './run-git.ts';
import { settleRefs } from './settle-refs.ts';

/** Addresses of smart HTTP, with and without `.git`; everything else is REST or nothing. */
export const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

/** Serves a clone, fetch or push, and lets follow what follows from a push. */
export async function answerGit(world: World, received: Received, actor: Actor): Promise<RestAnswer> {
  const [, owner = '', name = '', rest = ''] = GIT_PATH.exec(received.path) ?? [];
  const repository = findRepository(world, owner, name);
  if (repository === null) throw redirectOr404(world, received, { owner, name, rest });
  const isPush =
    rest.endsWith('/git-receive-pack') || received.url.searchParams.get('service') === 'git-receive-pack';
  assertGitAccess(world, repository, { actor, isPush });
  if (!rest.endsWith('/git-receive-pack')) return runBackend(world, repository, { received, rest, env: {} });
  return world.writing.run(async () => {
    const env = { PEAK_FORGE_RULES: describeRules(world, repository, { actor, body: received.body }) };
    const sent = await runBackend(world, repository, { received, rest, env });
    await settleRefs(world, repository, accountOf(actor));
    return sent;
  });
}

interface NamedPath {
  readonly owner: string;
  readonly name: string;
  readonly rest: string;
}

function redirectOr404(world: World, { url }: Received, { owner, name, rest }: NamedPath): Refusal {
  const renamed = findRenamed(world, owner, name);
  if (renamed === null) return notFound();
  const location = `${world.origin}/${fullName(renamed)}.git${rest}${url.search}`;
  return new Refusal(301, 'Moved Permanently', { headers: { location } });
}

interface GitAccess {
  readonly actor: Actor;
  readonly isPush: boolean;
}

/** git asks for a password only after a 401. */
function assertGitAccess(world: World, repository: Repository, { actor, isPush }: GitAccess): void {
  if (actor.kind === 'anonymous' && (isPush || repository.private)) {
    throw new Refusal(401, 'Repository not found.', {
      headers: { 'www-authenticate': 'Basic realm="GitHub"' },
    });
  }
  const level = isPush ? 'write' : 'read';
  assertAccess(world, actor, { repository, need: { scopes: ['contents'], level, role: level } });
}

function accountOf(actor: Actor): Account {
  if (actor.kind !== 'token') throw notFound();
  return actor.account;
}

interface PushFacts {
  readonly actor: Actor;
  readonly body: Buffer;
}

/** For the `update` hook: one word per rule that this push could break. Ref names hold no spaces. */
function describeRules(world: World, repository: Repository, { actor, body }: PushFacts): string {
  const app = appOf(actor);
  const isAdmin = app === null && roleOf(world, repository, accountOf(actor)) === 'admin';
  const words = readCommands(body).flatMap((change) => {
    const branch = branchOf(change.ref);
    if (branch === null) return [];
    const rules = rulesOf(repository, branch, app === null ? { isAdmin } : { app: app.id });
    const closed = refusalOf(repository, change, rules) === null ? [] : [`closed:${change.ref}`];
    return rules.noForcePush ? [...closed, `no-force:${change.ref}`] : closed;
  });
  const isToken = actor.kind === 'token' && actor.token.installation !== null;
  const mayEditWorkflows = !isToken || permits(actor.token.permissions, 'workflows', 'write');
  return [...words, ...(mayEditWorkflows ? [] : ['no-workflows'])].join(' ');
}

interface BackendCall {
  readonly received: Received;
  readonly rest: string;
  readonly env: Readonly<Record<string, string>>;
}

async function runBackend(
  world: World,
  repository: Repository,
  { received, rest, env }: BackendCall,
): Promise<RestAnswer> {
  const { headers, body, url, method } = received;
  const child = spawn('git', ['http-backend'], {
    env: {
      ...GIT_ENVIRONMENT,
      ...env,
      GIT_PROJECT_ROOT: world.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: join('/', repository.git.folder.slice(world.folder.length), rest),
      REQUEST_METHOD: method,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: String(headers['content-encoding'] ?? ''),
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      REMOTE_USER: 'forge',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  return parseCgi(Buffer.concat(chunks));
}

function parseCgi(output: Buffer): RestAnswer {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.toString('latin1', 0, Math.max(end, 0)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  );
  const { status = '200', ...others } = headers;
  return { status: Number.parseInt(status, 10), headers: others, body: output.subarray(end + 4) };
}
