import { request } from 'node:http';

interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Posts JSON over a connection of its own; answers the status, or 0 when there was no answer. */
export function postJson(url: string, { body, headers, signal }: Post): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      // an agent would keep sockets open that outlive the forge
      agent: false,
      signal,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
