import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One webhook as it arrived. */
export interface Received {
  readonly event: string;
  readonly action: string | undefined;
  readonly guid: string;
  /** Whether the signature is the body's under the shared secret. */
  readonly isSigned: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: payloads of every event; their shapes are checked against GitHub's schema
  readonly payload: any;
}

/** A webhook address on loopback. */
export interface Receiver {
  readonly url: string;
  readonly secret: string;
  readonly received: Received[];
  /** `event.action` of everything that arrived. */
  names(): readonly string[];
  close(): Promise<void>;
}

/** Starts to listen. */
export async function startReceiver(): Promise<Receiver> {
  const secret = 'shared';
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const payload = JSON.parse(body.toString('utf8'));
      const seal = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      received.push({
        event: String(request.headers['x-github-event']),
        action: payload.action,
        guid: String(request.headers['x-github-delivery']),
        isSigned: request.headers['x-hub-signature-256'] === seal,
        payload,
      });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`,
    secret,
    received,
    names: () => received.map(({ event, action }) => (action === undefined ? event : `${event}.${action}`)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
