import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a proxy does to the answer that brings objects. */
export interface Weather {
  /** Bytes that come through at once; the rest waits. */
  readonly bytes: number;
  /** Milliseconds until as many again; `Infinity` for never. */
  readonly pauseMs: number;
}

/** Stands in front of a server, and lets large answers come through slowly; answers its address. It ends with the test. */
export async function slowProxy(serverUrl: string, { bytes, pauseMs }: Weather): Promise<string> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const ask = request(new URL(incoming.url ?? '/', serverUrl), { method, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length });
      outgoing.write(body.subarray(0, bytes));
      let at = bytes;
      if (at >= body.length) outgoing.end();
      if (at >= body.length || pauseMs === Number.POSITIVE_INFINITY) return;
      const timer = setInterval(() => {
        outgoing.write(body.subarray(at, at + bytes));
        at += bytes;
        if (at >= body.length) outgoing.end(() => clearInterval(timer));
      }, pauseMs);
      timers.add(timer);
    });
    ask.on('error', () => outgoing.destroy());
    incoming.pipe(ask);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const timer of timers) clearInterval(timer);
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
