import { createServer, type RequestListener } from 'node:http';
import { createNodeMiddleware, type Logger, Probot, ProbotOctokit } from 'probot';
import { createJudgeApp, type RunningJudge } from './judge-app.ts';
import { isRedisThere, watchRedis } from './redis.ts';
import type { StartSettings } from './start-settings.ts';

/** A process that judges, or has just failed to. */
export interface JudgeProcess {
  readonly log: Logger;
  /** Takes nothing new, and resolves when what runs has ended. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a judge with a web server of its own, which answers webhooks, `/ping`, `/ready` and `/metrics`, and nothing else: no setup
 * mode, no pages of Probot's, no `.env` of the working folder. `onFailure` is told when it cannot go on; the log says why.
 */
export async function startProcess(
  settings: StartSettings,
  onFailure: (why: string) => void,
): Promise<JudgeProcess> {
  const probot = await openProbot(settings, () => onFailure('Redis is lost'));
  let judge: RunningJudge | null = null;
  let answer: RequestListener = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  const close = async (): Promise<void> => {
    server.close();
    server.closeIdleConnections();
    await judge?.stop();
  };
  const started = { log: probot.log, close };
  server.on('error', ({ code }: NodeJS.ErrnoException) => {
    const place = { code, host: settings.host, port: settings.port };
    probot.log.fatal({ ...place, help: 'set HOST and PORT to an address that is free' }, 'cannot listen');
    onFailure('cannot listen');
  });
  // Listening comes first: a port that is taken must not lead to a second judge beside the first.
  if (!(await isListening(server.listen(settings.port, settings.host)))) return started;
  const application = createJudgeApp(settings, {
    onStart: (running) => {
      judge = running;
    },
    onRefused: () => onFailure('GitHub refuses the key'),
  });
  answer = await listenerOf(application, probot, settings.webhookPath);
  probot.log.info({ host: settings.host, port: settings.port, path: settings.webhookPath }, 'listening');
  return started;
}

async function listenerOf(
  application: ReturnType<typeof createJudgeApp>,
  probot: Probot,
  webhooksPath: string,
): Promise<RequestListener> {
  const middleware = await createNodeMiddleware(application, { probot, webhooksPath });
  return (request, response) => {
    void middleware(request, response, () => {
      const isPing = request.method === 'GET' && request.url?.split('?')[0] === '/ping';
      response.writeHead(isPing ? 200 : 404).end(isPing ? 'PONG' : undefined);
    });
  };
}

function isListening(server: ReturnType<typeof createServer>): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('listening', () => resolve(true));
    server.once('error', () => resolve(false));
  });
}

/** Probot with our settings; without its Redis where that does not answer, since each request would wait for it. */
async function openProbot(settings: StartSettings, onLost: () => void): Promise<Probot> {
  const { appId, privateKey, secret, apiUrl: baseUrl, logLevel, logFormat, redisUrl } = settings;
  const options = { appId, privateKey, secret, baseUrl, logLevel, logFormat };
  if (redisUrl === null) return new Probot(options).ready();
  // Only for its log: the first throttled client of a process decides for all whether there is a Redis (plugin-throttling, `groups`).
  const Octokit = ProbotOctokit.defaults((usual: object) => ({
    ...usual,
    throttle: { enabled: false },
  })) as typeof ProbotOctokit;
  const { log } = await new Probot({ ...options, Octokit }).ready();
  if (await isRedisThere(redisUrl)) {
    const watched = watchRedis(log, redisUrl, onLost);
    return new Probot({ ...options, log: watched, redisConfig: redisUrl.href }).ready();
  }
  log.warn(
    { redis: redisUrl.host, help: 'start it, then restart the judge' },
    "REDIS_URL leads to no Redis that answers: this process keeps to GitHub's pace by itself, without the others",
  );
  return new Probot(options).ready();
}
