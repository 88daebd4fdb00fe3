import { connect } from 'node:net';
import type { Logger } from 'probot';

/** How long a Redis may take to be reached, in milliseconds: it is near, or of no use. */
const REACH_MS = 3_000;

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

/**
 * The same log, in which a Redis that is lost is one line with the name of the setting; `onLost` is told then. The client tries again
 * for ever, and Probot's throttling cannot take up a Redis again that has lost its data (`SETTINGS_KEY_NOT_FOUND`): only a new start can.
 */
export function watchRedis(log: Logger, { host }: Pick<URL, 'host'>, onLost: () => void): Logger {
  let isLost = false;
  const lose = ({ code }: NodeJS.ErrnoException) => {
    if (isLost) return;
    isLost = true;
    const help = 'let the judge be restarted: it starts with Redis where that answers, and else without';
    log.fatal(
      { redis: host, code, help },
      'the Redis of REDIS_URL is lost: no request to GitHub gets through',
    );
    onLost();
  };
  return wrap(log, lose);
}

function wrap(log: Logger, lose: (error: NodeJS.ErrnoException) => void): Logger {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'child') return (bindings: object) => wrap(target.child(bindings), lose);
      if (name !== 'error') return Reflect.get(target, name, target);
      return (told: unknown, ...rest: string[]) => {
        if (isOfRedis(told)) lose(told);
        else target.error(told, ...rest);
      };
    },
  });
}

/** Probot marks what its connection says (its get-octokit-throttle-options.ts). */
function isOfRedis(told: unknown): told is NodeJS.ErrnoException {
  return told instanceof Error && (told as { source?: unknown }).source === 'bottleneck';
}
