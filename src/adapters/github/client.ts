import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { CallCount } from '../../cycles/publishing-port.ts';
import { BugError } from '../../kernel/app-error.ts';
import { isRequestFailure, toAppError } from './failure.ts';
import { graphqlDataOf, type HttpAnswer } from './graphql.ts';
import {
  GRAPHQL_PATH,
  JUDGE_ONLY,
  OPERATIONS,
  type Operation,
  type OperationName,
  operationOf,
} from './operations.ts';

/** Longest wait for rate limits in all, in seconds; a job should end as a failure rather than hang. */
const MAX_WAIT_SECONDS = 300;

/** Longest time for one answer, in milliseconds. GitHub itself gives up after 10 seconds ("Timeouts" of its REST documentation). */
const ANSWER_TIMEOUT_MS = 60_000;

/** Statuses that another request will not change; 409 and 429 are answers here, too (429 is waited for by its own rule). */
const FINAL_STATUSES = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** How to talk to an API. */
export interface ClientOptions {
  readonly apiUrl: string;
  /** `github`: one write a second, as GitHub asks for. `none`: for a server of our own on loopback. */
  readonly pace: 'github' | 'none';
  /** Counts the requests; one for all clients of a run. */
  readonly counter: CallCounter;
}

/** Asks GitHub one operation of the table. */
export interface GitHubClient {
  /** Rejects with an `AppError`: `GITHUB_UNREACHABLE`, `GITHUB_INTERRUPTED`, `GITHUB_RATE_LIMITED`, `GITHUB_REFUSED`. */
  call<T>(name: OperationName, parameters: Readonly<Record<string, unknown>>): Promise<T>;
}

/** Counts requests by operation; repetitions count. */
export class CallCounter {
  readonly #counts = new Map<OperationName, number>();

  add(name: OperationName): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  list(): readonly CallCount[] {
    return [...this.#counts].map(([name, count]) => ({ name, kind: OPERATIONS[name].kind, count }));
  }
}

/** Typed as its base: what the plugins add is never called by name. */
const GitHub: typeof Octokit = Octokit.plugin(throttling, retry);

/** A client with a token, or with what `authStrategy` needs. */
export function createClient(options: ClientOptions, auth: Readonly<Record<string, unknown>>): Octokit {
  const wait = waitWithin(MAX_WAIT_SECONDS);
  const silent = () => undefined;
  return new GitHub({
    ...auth,
    baseUrl: options.apiUrl,
    userAgent: 'peak',
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: { fetch: countingFetch(options) },
    throttle: {
      enabled: options.pace === 'github',
      onRateLimit: wait,
      onSecondaryRateLimit: wait,
    },
    retry: {
      doNotRetry: FINAL_STATUSES,
      ...(options.pace === 'none' ? { retryAfterBaseValue: 1 } : {}),
    },
  });
}

/** What sends a request: octokit, ours or Probot's. */
export interface Requester {
  request(route: string, parameters: Record<string, unknown>): Promise<HttpAnswer>;
}

/**
 * Where GraphQL stands, seen from the REST API's root, which octokit puts before every path: GitHub Enterprise Server has `/api/v3` and
 * `/api/graphql` ("Forming calls with GraphQL"); at the top of a host, as on github.com, there is nothing to leave.
 */
const BESIDE_REST = '/..';

/** Calls operations through octokit, and turns what it throws into `AppError`s. Of GraphQL it answers what stands in `data`. */
export function clientOf(octokit: Requester): GitHubClient {
  return {
    call: async <T>(name: OperationName, parameters: Readonly<Record<string, unknown>>) => {
      const operation: Operation = OPERATIONS[name];
      const isGraphql = operation.path === GRAPHQL_PATH;
      const request = operation.repeatable ? {} : { request: { retries: 0 } };
      const path = isGraphql ? BESIDE_REST + operation.path : operation.path;
      try {
        const response = await octokit.request(`${operation.method} ${path}`, { ...parameters, ...request });
        return (isGraphql ? graphqlDataOf(response) : response.data) as T;
      } catch (error) {
        throw isRequestFailure(error) ? toAppError(error, operation) : error;
      }
    },
  };
}

/** Whether to wait for a limit: as long as all waits together stay bounded. */
function waitWithin(limit: number): (seconds: number) => boolean {
  let waited = 0;
  return (seconds) => {
    waited += seconds;
    return waited <= limit;
  };
}

/** Lets through what the table knows, counted and with an end. A read may follow a renamed repository; a write never does. */
function countingFetch({ apiUrl, counter }: ClientOptions): typeof fetch {
  const root = new URL(apiUrl).pathname.replace(/\/$/, '');
  return (input, init) => {
    const { pathname, origin } = new URL(String(input));
    const method = init?.method ?? 'GET';
    const name = pathname.startsWith(`${root}/`) ? operationOf(method, pathname.slice(root.length)) : null;
    if (name === null || JUDGE_ONLY.has(name) || origin !== new URL(apiUrl).origin)
      throw new BugError(`a request that the table of operations does not have: ${method} ${pathname}`);
    counter.add(name);
    const redirect = OPERATIONS[name].kind === 'read' ? 'follow' : 'error';
    return fetch(input, { ...init, redirect, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  };
}
