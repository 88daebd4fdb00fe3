import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, type Logger, Probot, ProbotOctokit } from 'probot';
import { createJudgeApp, type RunningJudge } from '../../../src/app/judge-app.ts';
import type { JudgeSettings } from '../../../src/app/settings.ts';
import { instantFromMs } from '../../../src/kernel/instant.ts';
import { JUDGE_APP } from '../../../src/setup/index.ts';
import type { App, Forge, Repository } from '../forge/index.ts';

/** The webhooks' secret. */
export const SECRET = 'shared';

/** A check run of the judge's, as tests look at it. */
export interface SeenCheck {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly external_id: string;
  readonly output: { readonly title: string; readonly summary: string; readonly text: string | null };
}

/** Whoever stops things when a test, all tests of a file or the demo are over. */
export type Cleaning = (clean: () => Promise<void>) => void;

/** A line of a judge's log. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Registers the judge's App, which gets the webhooks of an address; it is installed nowhere yet. */
export function registerJudge(forge: Forge, address: string): Promise<App> {
  return forge.createApp({
    slug: 'peak-judge',
    permissions: JUDGE_APP.permissions,
    events: JUDGE_APP.events,
    webhook: { url: `${address}/api/github/webhooks`, secret: SECRET },
  });
}

/** Where webhooks arrive: whoever runs gets them in turn; nobody there answers as a proxy in front of it would. */
export interface Web {
  readonly address: string;
  readonly instances: RequestListener[];
}

/** An address for webhooks, before there is a judge. */
export async function listen(whenOver: Cleaning): Promise<Web> {
  const instances: RequestListener[] = [];
  let turn = 0;
  const server = createServer((request, response) => {
    turn += 1;
    const instance = instances[turn % instances.length];
    if (instance === undefined) response.writeHead(503).end();
    else instance(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenOver(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { instances, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** How a judge is started. */
export interface JudgeStart {
  readonly judgeApp: App;
  readonly web: Web;
  readonly settings: JudgeSettings;
  /** Where its log goes; default: nowhere. */
  readonly logged?: LogLine[];
}

/** A logger like Probot's that keeps what it is told; JUDGE_LOG shows it as well. */
function recordLog(logged: LogLine[], bound: object = {}): Logger {
  const at =
    (level: string) =>
    (told: object | string, text = ''): void => {
      const fields = typeof told === 'string' ? bound : { ...bound, ...told };
      logged.push({ level, text: typeof told === 'string' ? told : text, fields: { ...fields } });
      if (process.env['JUDGE_LOG'] !== undefined) process.stderr.write(`${JSON.stringify(logged.at(-1))}\n`);
    };
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, at(level)]);
  const child = (more: object) => recordLog(logged, { ...bound, ...more });
  return { ...Object.fromEntries(levels), child, level: 'info' } as unknown as Logger;
}

/** Starts a judge that gets the webhooks of an address; whoever starts it stops it. */
export async function startJudge(
  { forge }: { readonly forge: Pick<Forge, 'apiUrl'> },
  { judgeApp, web, settings, logged = [] }: JudgeStart,
): Promise<RunningJudge> {
  let running: RunningJudge | undefined;
  const probot = new Probot({
    appId: judgeApp.id,
    privateKey: judgeApp.privateKey,
    secret: SECRET,
    baseUrl: forge.apiUrl,
    log: recordLog(logged),
    Octokit: ProbotOctokit.defaults((usual: object) => ({
      ...usual,
      throttle: { enabled: false },
      retry: { enabled: false },
    })) as typeof ProbotOctokit,
  });
  const application = createJudgeApp(settings, {
    clock: () => instantFromMs(Date.now()),
    onStart: (judge) => {
      running = judge;
    },
  });
  const middleware = await createNodeMiddleware(application, { probot });
  const instance: RequestListener = (request, response) => {
    void middleware(request, response, () => response.writeHead(404).end());
  };
  if (running === undefined) throw new Error('the judge did not start');
  web.instances.push(instance);
  const { stop } = running;
  return {
    idle: running.idle.bind(running),
    reconcile: running.reconcile.bind(running),
    stop: async () => {
      if (web.instances.includes(instance)) web.instances.splice(web.instances.indexOf(instance), 1);
      await stop.call(running);
    },
  };
}

/** The protection of judge.md §1 for the default branch. */
export function protect(
  { forge, repository }: { readonly forge: Forge; readonly repository: Repository },
  judgeApp: App,
  protection: string,
): void {
  repository.settings.allow_rebase_merge = false;
  if (protection === 'none') return;
  forge.addRuleset(repository, {
    rules: [
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: protection === 'approved' ? 1 : 0,
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_review_thread_resolution: false,
          allowed_merge_methods: ['merge', 'squash'],
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: 'peak/governance', integration_id: judgeApp.id }],
        },
      },
      { type: 'non_fast_forward' },
      { type: 'deletion' },
    ],
  });
}

/** Resolves when everything that is on its way between a local GitHub and its judges has been dealt with. */
export async function whenSettled(forge: Forge, judges: readonly RunningJudge[]): Promise<void> {
  // What the judge writes sends webhooks in turn.
  for (let seen = -1; seen !== forge.webhooks.deliveries.length; ) {
    seen = forge.webhooks.deliveries.length;
    await forge.webhooks.idle();
    for (const judge of [...judges]) await judge.idle();
  }
}
