import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { createJudgeApp, type RunningJudge } from '../../../src/app/judge-app.ts';
import type { JudgeSettings } from '../../../src/app/settings.ts';
import { instantFromMs } from '../../../src/kernel/instant.ts';
import type { App, Forge, Repository } from '../forge/index.ts';

/** What the judge's App may do (app.yml). */
const PERMISSIONS = {
  actions: 'read',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  members: 'read',
} as const;

const EVENTS = [
  'check_run',
  'check_suite',
  'issue_comment',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'push',
  'repository_dispatch',
];

const SECRET = 'shared';

/** A check run of the judge's, as people look at it. */
export interface SeenCheck {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly external_id: string;
  readonly output: { readonly title: string; readonly summary: string; readonly text: string | null };
}

/** Where a judge listens. */
export interface JudgeDoor {
  readonly server: Server;
  readonly address: string;
  close(): Promise<void>;
}

/** Opens a port on loopback that answers 503 until a judge has started, as a proxy in front of it would. */
export async function openJudgeDoor(): Promise<JudgeDoor> {
  const server = createServer((_request, response) => {
    if (server.listenerCount('request') === 1) response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Registers the judge's App with a local GitHub, and installs it on a repository. */
export async function registerJudge(forge: Forge, repository: Repository, address: string): Promise<App> {
  const judgeApp = await forge.createApp({
    slug: 'peak-judge',
    permissions: PERMISSIONS,
    events: EVENTS,
    webhook: { url: `${address}/api/github/webhooks`, secret: SECRET },
  });
  forge.install(judgeApp, repository.owner, [repository]);
  return judgeApp;
}

/** What a judge is started with. */
export interface JudgeStart {
  readonly judgeApp: App;
  readonly server: Server;
}

/** Starts the real Probot application behind a door; without GitHub's pace, because the local one has no limits. */
export async function runJudge(
  { apiUrl }: Pick<Forge, 'apiUrl'>,
  { judgeApp, server }: JudgeStart,
  settings: JudgeSettings,
): Promise<RunningJudge> {
  let running: RunningJudge | undefined;
  const probot = new Probot({
    appId: judgeApp.id,
    privateKey: judgeApp.privateKey,
    secret: SECRET,
    baseUrl: apiUrl,
    logLevel: (process.env['JUDGE_LOG'] ?? 'fatal') as 'fatal',
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
  server.on('request', (request, response) => {
    void middleware(request, response, () => response.writeHead(404).end());
  });
  if (running === undefined) throw new Error('the judge did not start');
  return running;
}

/** Protects every branch as judge.md §1 recommends; with so many approvals that GitHub itself asks for. */
export function protectAsRecommended(
  forge: Forge,
  repository: Repository,
  judgeApp: App,
  approvals = 0,
): void {
  repository.settings.allow_rebase_merge = false;
  forge.addRuleset(repository, {
    rules: [
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: approvals,
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

/** Resolves when everything that is on its way between a local GitHub and a judge has been dealt with. */
export async function whenSettled(forge: Forge, judge: RunningJudge): Promise<void> {
  await forge.webhooks.idle();
  await judge.idle();
  // What the judge wrote sends webhooks in turn.
  await forge.webhooks.idle();
  await judge.idle();
}
