import type { Actor } from '../auth/actor.ts';
import { OPERATIONS } from '../operations.ts';
import {
  type FoundOperation,
  findOperation,
  validateRequest,
  validateResponse,
} from '../schema/github-schemas.ts';
import { API_PREFIX } from '../views/urls.ts';
import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import type { Call } from './call.ts';
import { cutPage } from './pages.ts';
import { parseJson } from './parse-json.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Received } from './server.ts';

/** What goes over the wire. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Finds the operation, holds request and answer against GitHub's description, and runs it. */
export async function answerRest(
  world: World,
  received: Received,
  actor: Actor,
): Promise<{ readonly sent: RestAnswer; readonly operation: string }> {
  const path = pathByName(world, received.path);
  const found = findOperation(received.method, path);
  const run = found === null ? undefined : OPERATIONS[found.operation.id];
  if (found === null || run === undefined) throw unknownOperation(world, received);
  redirectFormerName(world, received, found);
  const call = readCall(world, received, { found, actor });
  const answer = received.method === 'GET' ? await run(call) : await world.writing.run(async () => run(call));
  const { body, link } =
    received.method === 'GET' ? cutPage(answer.body, received.url) : { body: answer.body, link: null };
  world.violations.push(...validateResponse(found.operation, { status: answer.status, body }));
  return {
    operation: found.operation.id,
    sent: {
      status: answer.status,
      headers: link === null ? {} : { link },
      body: Buffer.from(answer.status === 204 ? '' : JSON.stringify(body)),
    },
  };
}

function unknownOperation(world: World, { method, path }: Received): Refusal {
  world.violations.push({
    of: 'request',
    what: `${method} ${path}`,
    fault: 'the local GitHub does not know it',
  });
  return new Refusal(
    501,
    `the local GitHub does not know ${method} ${path}: see test/support/forge/README.md`,
  );
}

/** GitHub also takes `/repositories/ID/…`, where it redirects to from former names. */
function pathByName(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  if (id === undefined) return path;
  const repository = world.repositories.find((entry) => entry.id === Number(id));
  if (repository === undefined) throw notFound();
  return `/repos/${repository.owner.login}/${repository.name}${rest}`;
}

/** The repository behind `owner/name`, or null. */
export function findRepository(world: World, owner: string, name: string): Repository | null {
  const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  return (
    world.repositories.find((entry) => isSame(entry.owner.login, owner) && isSame(entry.name, name)) ?? null
  );
}

/** The repository that had this name once, or null. */
export function findRenamed(world: World, owner: string, name: string): Repository | null {
  if (findRepository(world, owner, name) !== null) return null;
  return (
    world.repositories.find(
      (entry) =>
        entry.owner.login.toLowerCase() === owner.toLowerCase() && entry.formerNames.has(name.toLowerCase()),
    ) ?? null
  );
}

/** https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects. */
function redirectFormerName(world: World, { method, path, url }: Received, { params }: FoundOperation): void {
  const { owner, repo } = params;
  if (owner === undefined || repo === undefined) return;
  const repository = findRenamed(world, owner, repo);
  if (repository === null) return;
  const rest = path.split('/').slice(4).join('/');
  const target = `${world.origin}${API_PREFIX}/repositories/${repository.id}${rest === '' ? '' : `/${rest}`}${url.search}`;
  const status = method === 'GET' || method === 'HEAD' ? 301 : 307;
  throw new Refusal(status, 'Moved Permanently', { headers: { location: target }, body: { url: target } });
}

function readCall(
  world: World,
  received: Received,
  { found, actor }: { readonly found: FoundOperation; readonly actor: Actor },
): Call {
  const query = Object.fromEntries(received.url.searchParams);
  const body = parseBody(received.body);
  const violations = validateRequest(found.operation, { query, params: found.params, body });
  world.violations.push(...violations);
  if (violations.length > 0) {
    throw new Refusal(422, `Invalid request.\n\n${violations.map(({ fault }) => fault).join('\n')}`);
  }
  return { world, actor, params: found.params, query, body: (body ?? {}) as Json };
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const value = parseJson(body.toString('utf8'));
  if (value === undefined) throw new Refusal(400, 'Problems parsing JSON');
  return value;
}
