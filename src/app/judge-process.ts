import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createNodeMiddleware, type Logger, Probot, ProbotOctokit } from 'probot';
import { createJudgeApp, type RunningJudge } from './judge-app.ts';
import { type BodyFault, BodyReader } from './read-body.ts';
import { isRedisThere, watchRedis } from './redis.ts';
import type { StartSettings } from './start-settings.ts';

/** Who has not sent a request by then never will, in milliseconds: GitHub gives up after ten seconds ("Best practices for using webhooks"). */
const REQUEST_MS = 15_000;

/** How often that is looked at, in milliseconds. */
const LOOK_MS = 5_000;

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
  const limits = {
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: LOOK_MS,
  };
  const server = createServer(limits, (request, response) => answer(request, response));
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
  const bodies = new BodyReader();
  const listen = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // octokit's own reading of a body has no limit, and comes before the signature.
    const body = request.method === 'POST' ? await bodies.read(request) : null;
    if (typeof body === 'string') return refuse(request, response, body);
    const read = body === null ? request : Object.assign(request, { body: {}, rawBody: body });
    await middleware(read, response, () => {
      const isPing = request.method === 'GET' && request.url?.split('?')[0] === '/ping';
      response.writeHead(isPing ? 200 : 404).end(isPing ? 'PONG' : undefined);
    });
  };
  return (request, response) => {
    listen(request, response).catch((err: unknown) => {
      probot.log.error({ err }, 'a request was not answered');
      request.destroy();
    });
  };
}

const REFUSED: Readonly<Record<BodyFault, number>> = { too_large: 413, too_many: 503, gone: 400 };

/** What is left of the request is not read. */
function refuse(request: IncomingMessage, response: ServerResponse, fault: BodyFault): void {
  response.writeHead(REFUSED[fault], { connection: 'close' }).end(() => request.destroy());
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
