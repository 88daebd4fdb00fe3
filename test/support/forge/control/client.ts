import { API_PREFIX, fullName } from '../views/urls.ts';
import type { Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape; the shapes are checked against GitHub's schema
  readonly body: any;
}

/** Somebody with a token, over real HTTP. Paths start after `/api/v3`, or after `/repos/OWNER/NAME` for `in`. */
export interface Client {
  readonly token: string | null;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
  get(path: string): Promise<HttpAnswer>;
  post(path: string, body?: unknown): Promise<HttpAnswer>;
  patch(path: string, body?: unknown): Promise<HttpAnswer>;
  put(path: string, body?: unknown): Promise<HttpAnswer>;
  delete(path: string): Promise<HttpAnswer>;
  /** The same client, with paths below a repository. */
  in(repository: Repository): Client;
  /** For git, with the token as the password. */
  gitUrl(repository: Repository): string;
}

/** A client that sends this token, or none. */
export function createClient(world: World, token: string | null, prefix: () => string = () => ''): Client {
  const call: Client['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${world.origin}${API_PREFIX}${prefix()}${path}`, {
      method,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  return {
    token,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
    in: (repository) => createClient(world, token, () => `/repos/${fullName(repository)}`),
    gitUrl: (repository) => {
      const host = world.origin.replace('http://', '');
      const credential = token === null ? '' : `x-access-token:${token}@`;
      return `http://${credential}${host}/${fullName(repository)}.git`;
    },
  };
}
