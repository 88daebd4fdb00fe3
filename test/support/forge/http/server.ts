import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Actor, nameOf } from '../auth/actor.ts';
import { authenticate } from '../auth/authenticate.ts';
import { answerGit, GIT_PATH } from '../git/http-backend.ts';
import { answerGraphql } from '../graphql/answer-graphql.ts';
import { API_PREFIX, GRAPHQL_PATH } from '../views/urls.ts';
import type { World } from '../world/world.ts';
import { answerRest, type RestAnswer } from './answer-rest.ts';
import type { FaultEffect } from './faults.ts';
import { Refusal } from './refusal.ts';
import type { RequestLogEntry } from './request-log.ts';

/** What the server knows of a request before it is answered. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  /** Without `/api/v3`. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server that is listening. */
export interface Listening {
  readonly server: Server;
  /** Cuts every connection, and waits for what is still being done. */
  close(): Promise<void>;
}

/** Listens on loopback, on a port that the system chooses. */
export async function listen(world: World): Promise<Listening> {
  const busy = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const task = answer(world, request, response).catch(() => void response.destroy());
    const tracked = task.finally(() => busy.delete(tracked));
    busy.add(tracked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await Promise.all(busy);
  };
  return { server, close };
}

/** `http://127.0.0.1:PORT`. */
export function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const received = await receive(world, request);
  const kind = kindOf(received);
  const effect = await planned(world, received);
  const note = (status: number, more: Partial<RequestLogEntry> = {}): void => {
    world.requests.push({ ...logEntry(received, kind), status, ...more });
  };
  if (effect !== null && !isAfter(effect)) {
    note('status' in effect ? effect.status : 0);
    sendFault(world, response, effect);
    return;
  }
  const { sent, actor, operation } = await ANSWERING[kind](world, received);
  note(effect === null ? sent.status : 0, { actor, operation });
  if (effect === null) send(world, response, sent);
  else response.destroy();
}

type Kind = RequestLogEntry['kind'];

function kindOf({ path }: Received): Kind {
  if (path === GRAPHQL_PATH) return 'graphql';
  return GIT_PATH.test(path) ? 'git' : 'rest';
}

/** A failure that takes an answer's place. */
type AnswerFault = Exclude<FaultEffect, { first: unknown }>;

/** What is planned for this call, after what is to happen before it. */
async function planned(world: World, { method, path }: Received): Promise<AnswerFault | null> {
  const effect = world.faults.next(method, path);
  if (effect === null || !('first' in effect)) return effect;
  await effect.first();
  return null;
}

async function receive(world: World, request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', world.origin);
  const path = url.pathname.startsWith(`${API_PREFIX}/`)
    ? url.pathname.slice(API_PREFIX.length)
    : url.pathname;
  return {
    method: request.method ?? 'GET',
    url,
    path,
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

function logEntry({ method, path, url }: Received, kind: Kind): RequestLogEntry {
  const isRead = method === 'GET' || method === 'HEAD' || kind === 'graphql';
  const isToken = /^\/app\/installations\/\d+\/access_tokens$/.test(path);
  const write = kind === 'git' ? path.endsWith('/git-receive-pack') : !isRead && !isToken;
  return { kind, method, path, query: url.search, status: 0, actor: null, operation: null, write };
}

interface Answered {
  readonly sent: RestAnswer;
  readonly actor: string | null;
  readonly operation: string | null;
}

type Answering = (world: World, received: Received, actor: Actor) => Promise<Omit<Answered, 'actor'>>;

const ANSWERING: Readonly<Record<Kind, (world: World, received: Received) => Promise<Answered>>> = {
  rest: answeredBy(async (world, received, actor) => {
    const { sent, operation } = await answerRest(world, received, actor);
    return { sent: conditional(sent, received), operation };
  }),
  graphql: answeredBy(answerGraphql),
  git: answeredBy(async (world, received, actor) => ({
    sent: await answerGit(world, received, actor),
    operation: null,
  })),
};

function answeredBy(answering: Answering): (world: World, received: Received) => Promise<Answered> {
  return async (world, received) => {
    let actor: Actor = { kind: 'anonymous' };
    try {
      actor = authenticate(world, received.headers.authorization);
      return { ...(await answering(world, received, actor)), actor: nameOf(actor) };
    } catch (error) {
      return { sent: refusal(error), actor: nameOf(actor), operation: null };
    }
  };
}

/** What is no refusal is a fault of the forge; its text helps whoever writes the test. */
function refusal(error: unknown): RestAnswer {
  const known =
    error instanceof Refusal
      ? error
      : new Refusal(500, `the local GitHub is broken: ${error instanceof Error ? (error.stack ?? '') : ''}`);
  return { status: known.status, headers: known.headers, body: Buffer.from(JSON.stringify(known.body)) };
}

function conditional(sent: RestAnswer, { method, headers }: Received): RestAnswer {
  if (method !== 'GET' || sent.status !== 200) return sent;
  const etag = `"${createHash('sha256').update(sent.body).digest('hex')}"`;
  const isSame = headers['if-none-match']?.replace(/^W\//, '') === etag;
  const marked = { ...sent, headers: { ...sent.headers, etag } };
  return isSame ? { ...marked, status: 304, body: Buffer.alloc(0) } : marked;
}

/** 5,000 an hour is an installation's: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
const HOURLY_LIMIT = 5000;

function send(world: World, response: ServerResponse, { status, headers, body }: RestAnswer): void {
  const type =
    status === 304 || body.length === 0 ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, {
    date: new Date(world.clock()).toUTCString(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': String(world.requests.length),
    ...limits(world),
    ...type,
    ...(status === 304 || status === 204 ? {} : { 'content-length': body.length }),
    ...headers,
  });
  response.end(body);
}

function limits(world: World): Record<string, string> {
  const used = Math.min(
    world.requests.filter(({ kind, status }) => kind !== 'git' && status !== 304).length,
    4000,
  );
  return {
    'x-ratelimit-limit': String(HOURLY_LIMIT),
    'x-ratelimit-remaining': String(HOURLY_LIMIT - used),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(Math.floor(world.clock() / 1000) + 3600),
    'x-ratelimit-resource': 'core',
  };
}

function isAfter(effect: AnswerFault): boolean {
  return 'reset' in effect && effect.reset === 'after';
}

function sendFault(world: World, response: ServerResponse, effect: AnswerFault): void {
  if ('reset' in effect) {
    response.destroy();
    return;
  }
  const planned = new Refusal(effect.status, effect.message ?? 'planned failure');
  const body = Buffer.from(JSON.stringify(planned.body));
  send(world, response, { status: effect.status, headers: effect.headers ?? {}, body });
}
