import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, type Logger, Probot, ProbotOctokit } from 'probot';
import { onTestFinished } from 'vitest';
import { createJudgeApp, type RunningJudge } from '../../../src/app/judge-app.ts';
import { instantFromMs } from '../../../src/kernel/instant.ts';
import type { GovernedFolder } from '../cli/governed-folder.ts';
import { temporaryFolder } from '../cli/governed-folder.ts';
import type { Account, App } from '../forge/index.ts';
import { type GitHubPlace, githubPlace } from '../github/github-place.ts';

/** What the judge's App may do (app.yml). */
export const JUDGE_PERMISSIONS = {
  actions: 'read',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  members: 'read',
} as const;

/** What its App is subscribed to. */
export const JUDGE_EVENTS = [
  'check_run',
  'check_suite',
  'issue_comment',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'push',
  'repository_dispatch',
];

/** The webhooks' secret. */
export const SECRET = 'shared';

/** How the place is set up. */
export interface JudgePlaceOptions {
  readonly change?: (folder: GovernedFolder) => void;
  /** The protection of judge.md §1; `approved`: with one approval that GitHub itself asks for. */
  readonly protection?: 'recommended' | 'approved' | 'none';
  /** Operators have acknowledged the first commit, so that its evidence is trusted (ADR 0016). Default false. */
  readonly isAcknowledged?: boolean;
}

/** A check run of the judge's, as tests look at it. */
export interface SeenCheck {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly external_id: string;
  readonly output: { readonly title: string; readonly summary: string; readonly text: string | null };
}

/** A line of a judge's log. */
export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A governed repository on a local GitHub, its people, its publisher, and a judge that gets signed webhooks over HTTP. */
export interface JudgePlace extends GitHubPlace {
  /** The instance that runs from the beginning. */
  readonly judge: RunningJudge;
  /** Starts another instance beside those that run; deliveries go to them in turn. Stopping one takes it out. */
  startInstance(settings?: { readonly publisher: string | null }): Promise<RunningJudge>;
  readonly judgeApp: App;
  /** A second operator, beside `operator`. */
  readonly second: Account;
  readonly address: string;
  /** Resolves when everything that is on its way has been dealt with. */
  settled(): Promise<void>;
  /** What all instances have logged. */
  readonly logged: readonly LogLine[];
  /** The latest check of the judge's on a commit. */
  checkOn(sha: string): Promise<SeenCheck | null>;
  /** The latest check on the head of a pull request; throws when there is none. */
  check(number: number): Promise<SeenCheck>;
  /** Pushes a change of main on a branch of its own and opens a pull request for it; answers its number. */
  open(author: Account, branch: string, files: Readonly<Record<string, string | null>>): Promise<number>;
  review(number: number, who: Account, event?: 'APPROVE' | 'REQUEST_CHANGES'): Promise<void>;
  comment(number: number, who: Account, body: string): Promise<number>;
  /** Ticks everything in the body. */
  tick(number: number, who: Account): Promise<void>;
  /** What GitHub answers to a merge. */
  merge(number: number, who: Account, method?: 'merge' | 'squash'): Promise<number>;
}

/** Starts it all; everything is gone when the test is over. */
export async function judgePlace(options: JudgePlaceOptions = {}): Promise<JudgePlace> {
  const place = await githubPlace((folder) => {
    folder.edit('config/promotion.toml', 'operators = ["olivia"]', 'operators = ["olivia", "otto"]');
    options.change?.(folder);
  });
  const { forge, repository } = place;
  const second = forge.createUser('otto');
  forge.setRole(repository, second, 'write');
  if (options.isAcknowledged === true) await acknowledge(place);
  const web = await listen();
  const judgeApp = await forge.createApp({
    slug: 'peak-judge',
    permissions: JUDGE_PERMISSIONS,
    events: JUDGE_EVENTS,
    webhook: { url: `${web.address}/api/github/webhooks`, secret: SECRET },
  });
  forge.install(judgeApp, repository.owner, [repository]);
  protect(place, judgeApp, options.protection ?? 'recommended');
  const judges: RunningJudge[] = [];
  const logged: LogLine[] = [];
  const startInstance: JudgePlace['startInstance'] = async (settings = { publisher: place.app.slug }) => {
    const judge = await startJudge(place, { judgeApp, web, settings, logged });
    const instance: RunningJudge = {
      idle: () => judge.idle(),
      reconcile: () => judge.reconcile(),
      stop: async () => {
        if (judges.includes(instance)) judges.splice(judges.indexOf(instance), 1);
        await judge.stop();
      },
    };
    judges.push(instance);
    onTestFinished(instance.stop);
    await judge.idle();
    return instance;
  };
  const judge = await startInstance();
  return joined(place, { judge, judges, logged, startInstance, judgeApp, second, address: web.address });
}

/** Whoever stops things when a test, or all tests of a file, are over. */
export type Cleaning = (clean: () => Promise<void>) => void;

/** What an operator commits who has looked at everything that stands on the default branch, whose tip is the genesis. */
export async function acknowledge({ forge, repository, operator }: GitHubPlace): Promise<void> {
  const commit = repository.refs.get('refs/heads/main') ?? '';
  const known = { schema_version: 1, commit, deviations: ['UNEXPLAINED'], reason: 'looked through' };
  const files = { [`reports/audit/${commit}.json`]: `${JSON.stringify(known)}\n` };
  const { ok, said } = await forge.push(repository, { author: operator, branch: 'main', files });
  if (!ok) throw new Error(said);
}

/** Where webhooks arrive: whoever runs gets them in turn; nobody there answers as a proxy in front of it would. */
export interface Web {
  readonly address: string;
  readonly instances: RequestListener[];
}

/** An address for webhooks, before there is a judge. */
export async function listen(whenOver: Cleaning = onTestFinished): Promise<Web> {
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
  /** `folder` is where mirrors are kept; default: one of the test's. */
  readonly settings: { readonly publisher: string | null; readonly folder?: string };
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
  { forge }: Pick<GitHubPlace, 'forge'>,
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
  const application = createJudgeApp(
    { ...settings, folder: settings.folder ?? temporaryFolder() },
    {
      clock: () => instantFromMs(Date.now()),
      onStart: (judge) => {
        running = judge;
      },
    },
  );
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
  { forge, repository }: Pick<GitHubPlace, 'forge' | 'repository'>,
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

function joined(
  place: GitHubPlace,
  {
    judges,
    ...parts
  }: Pick<JudgePlace, 'judge' | 'logged' | 'startInstance' | 'judgeApp' | 'second' | 'address'> & {
    readonly judges: readonly RunningJudge[];
  },
): JudgePlace {
  const { forge, repository, operator } = place;
  const as = (who: Account) => forge.as(who).in(repository);
  const settled = async () => {
    // What the judge writes sends webhooks in turn.
    for (let seen = -1; seen !== forge.webhooks.deliveries.length; ) {
      seen = forge.webhooks.deliveries.length;
      await forge.webhooks.idle();
      for (const judge of [...judges]) await judge.idle();
    }
  };
  const checkOn = async (sha: string): Promise<SeenCheck | null> => {
    const path = `/commits/${sha}/check-runs?check_name=peak/governance&app_id=${parts.judgeApp.id}`;
    return ((await as(operator).get(path)).body.check_runs as SeenCheck[])[0] ?? null;
  };
  const expectStatus = (answer: { status: number; body: unknown }, status: number) => {
    if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  return {
    ...place,
    ...parts,
    settled,
    checkOn,
    check: async (number) => {
      await settled();
      const found = await checkOn((await place.pull(number)).head.sha);
      if (found === null) throw new Error(`no check on #${number}`);
      return found;
    },
    open: async (author, branch, files) => {
      const pushed = await forge.push(repository, { author, branch, from: 'main', files });
      if (!pushed.ok) throw new Error(pushed.said);
      const opened = await as(author).post('/pulls', { title: branch, head: branch, base: 'main' });
      expectStatus(opened, 201);
      return opened.body.number as number;
    },
    review: async (number, who, event = 'APPROVE') => {
      const body = event === 'APPROVE' ? {} : { body: 'not like this' };
      expectStatus(await as(who).post(`/pulls/${number}/reviews`, { event, ...body }), 200);
    },
    comment: async (number, who, body) => {
      const answer = await as(who).post(`/issues/${number}/comments`, { body });
      expectStatus(answer, 201);
      return answer.body.id as number;
    },
    tick: async (number, who) => {
      const { body } = await place.pull(number);
      expectStatus(
        await as(who).patch(`/pulls/${number}`, { body: (body ?? '').replaceAll('- [ ]', '- [x]') }),
        200,
      );
    },
    merge: async (number, who, method = 'merge') => {
      await settled();
      const answer = await as(who).put(`/pulls/${number}/merge`, { merge_method: method });
      await settled();
      return answer.status;
    },
  };
}
