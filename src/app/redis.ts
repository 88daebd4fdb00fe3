import { connect } from 'node:net';
import type { Logger } from 'probot';
import { MINUTE_MS } from '../kernel/instant.ts';

/** How long a Redis may take to be reached, in milliseconds: it is near, or of no use. */
const REACH_MS = 3_000;

/** One line in so many milliseconds while Redis is away: its client tries again all the time, and fails as often. */
const SAID_MS = 10 * MINUTE_MS;

/** The port of Redis (redis.io, "Redis configuration"). */
const DEFAULT_PORT = 6379;

/** Whether something listens at the address of a Redis. */
export function isRedisThere({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || DEFAULT_PORT) });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(REACH_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** The same log, in which a Redis that is away is one line every ten minutes, with the name of the setting. */
export function quietAboutRedis(log: Logger, { host }: Pick<URL, 'host'>): Logger {
  let saidAt = Number.NEGATIVE_INFINITY;
  const say = (error: NodeJS.ErrnoException) => {
    if (Date.now() - saidAt < SAID_MS) return;
    saidAt = Date.now();
    log.error(
      { redis: host, code: error.code, help: 'start Redis again, or restart the judge without it' },
      'REDIS_URL leads to no Redis that answers: requests to GitHub wait, and fail',
    );
  };
  return wrap(log, say);
}

function wrap(log: Logger, say: (error: NodeJS.ErrnoException) => void): Logger {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'child') return (bindings: object) => wrap(target.child(bindings), say);
      if (name !== 'error') return Reflect.get(target, name, target);
      return (told: unknown, ...rest: string[]) => {
        if (isOfRedis(told)) say(told);
        else target.error(told, ...rest);
      };
    },
  });
}

/** Probot marks what its connection says (its get-octokit-throttle-options.ts). */
function isOfRedis(told: unknown): told is NodeJS.ErrnoException {
  return told instanceof Error && (told as { source?: unknown }).source === 'bottleneck';
}
