import type { IncomingMessage } from 'node:http';

/** GitHub sends no larger payload ("Webhook events and payloads", payload cap), in bytes. */
const MAX_BODY_BYTES = 25 * 1024 * 1024;

/** What is being read at one time takes at most this, in bytes: who sends it is only known at its end. */
const MAX_HELD_BYTES = 4 * MAX_BODY_BYTES;

/** Why a body was not read. `gone`: whoever sent it went away, or was too slow. */
export type BodyFault = 'too_large' | 'too_many' | 'gone';

/** Reads bodies of requests side by side, and stops where they take more memory than webhooks do. */
export class BodyReader {
  #heldBytes = 0;

  /** The whole body, or why there is none; then the rest must not be waited for. */
  async read(request: IncomingMessage): Promise<Uint8Array | BodyFault> {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return 'too_large';
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      // Left early, an iterator of the usual kind cuts the line before anything can be answered.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        chunks.push(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        this.#heldBytes += (chunk as Buffer).length;
        if (bytes > MAX_BODY_BYTES) return 'too_large';
        if (this.#heldBytes > MAX_HELD_BYTES) return 'too_many';
      }
      return Buffer.concat(chunks);
    } catch {
      return 'gone';
    } finally {
      this.#heldBytes -= bytes;
    }
  }
}
