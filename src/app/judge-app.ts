import { randomUUID } from 'node:crypto';
import type { ApplicationFunction, Probot } from 'probot';
import { type Judge, type JudgedPlace, openJudge } from '../compose.ts';
import { type Instant, instantFromMs, MINUTE_MS } from '../kernel/instant.ts';
import { connect } from './connection.ts';
import { failureFields } from './failure-fields.ts';
import { intentOf, type WebhookEvent } from './intents.ts';
import { jobKindOf } from './job-kind.ts';
import { JudgeHealth } from './judge-health.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Reconciler } from './reconciler.ts';
import { RepositoryJudge } from './repository-judge.ts';
import type { JudgeSettings } from './settings.ts';
import { WorkQueue } from './work-queue.ts';

/** How often everything open is gone through, in milliseconds (judge.md §6). */
const RECONCILE_MS = 10 * MINUTE_MS;

/** How soon after one that failed, in milliseconds: an outage of GitHub's is often over in minutes (githubstatus.com). */
const RETRY_MS = MINUTE_MS;

/** Repositories that are judged side by side. */
const LANES = 4;

/** A running judge. */
export interface RunningJudge {
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}

/** What is not a setting: time, and who wants to know that it runs. */
export interface JudgeAppOptions {
  readonly clock?: () => Instant;
  readonly onStart?: (judge: RunningJudge) => void;
  /** GitHub takes the key for none of this App's: nothing can be judged until somebody changes a setting. Said once. */
  readonly onRefused?: () => void;
}

/** The Probot application: event → use case, nothing else. It answers GitHub at once and works afterwards. */
export function createJudgeApp(settings: JudgeSettings, options: JudgeAppOptions = {}): ApplicationFunction {
  return async (app, { addHandler }) => {
    const judge = await JudgeService.start(app, settings, options);
    addHandler(judge.serve);
    app.onAny((event) => judge.receive(event as unknown as ReceivedEvent));
    options.onStart?.(judge);
    judge.begin();
  };
}

interface ReceivedEvent extends WebhookEvent {
  readonly id: string;
  readonly payload: WebhookEvent['payload'] & {
    readonly installation?: { readonly id: number };
    readonly repository?: {
      readonly id: number;
      readonly name: string;
      readonly owner: { readonly login: string };
      readonly clone_url: string;
    };
  };
}

interface OpenRepository {
  readonly cloneUrl: string;
  readonly judge: Promise<RepositoryJudge>;
}

type HttpHandler = Parameters<Parameters<ApplicationFunction>[1]['addHandler']>[0];

interface Parts {
  readonly queue: WorkQueue;
  readonly metrics: Metrics;
  readonly judge: Judge;
  readonly settings: JudgeSettings;
  readonly clock: () => Instant;
}

class JudgeService implements RunningJudge {
  readonly #app: Probot;
  readonly #parts: Parts;
  readonly #queue: WorkQueue;
  readonly #health = new JudgeHealth();
  readonly #reconciler: Reconciler;
  readonly #repositories = new Map<number, OpenRepository>();
  readonly #receiving = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  private constructor(app: Probot, parts: Parts, onRefused: () => void) {
    this.#app = app;
    this.#parts = parts;
    this.#queue = parts.queue;
    this.#reconciler = new Reconciler({
      ...parts,
      log: app.log,
      health: this.#health,
      github: async () => (await app.auth()).request.endpoint.DEFAULTS.baseUrl,
      open: (place) => this.#repository(place),
      onRefused,
    });
  }

  static async start(
    app: Probot,
    settings: JudgeSettings,
    { clock = () => instantFromMs(Date.now()), onRefused = () => undefined }: JudgeAppOptions,
  ): Promise<JudgeService> {
    const queue: WorkQueue = new WorkQueue({
      lanes: LANES,
      onError: (job, error) => {
        metrics.failed(jobKindOf(job.key));
        app.log.error({ job: job.key, ...failureFields(error) }, 'a job failed');
      },
    });
    const metrics = createMetrics(() => queue.length);
    const instance = randomUUID().slice(0, 8);
    let evaluations = 0;
    const judge = await openJudge({
      connection: connect(app),
      publisher: settings.publisher,
      folder: settings.folder,
      onCall: metrics.call,
      clock,
      after: runAfter,
      stamp: () => {
        evaluations += 1;
        return `${String(clock()).padStart(15, '0')}-${instance}-${String(evaluations).padStart(9, '0')}`;
      },
    });
    return new JudgeService(app, { queue, metrics, judge, settings, clock }, onRefused);
  }

  /** Judges everything that is open: nobody knows what happened before. */
  begin(): void {
    if (this.#parts.settings.publisher === null)
      this.#app.log.warn(
        "PEAK_PUBLISHER_APP is not set: nothing is the bot's own, and the auto lane is closed",
      );
    void this.#turn();
  }

  /** The next one never waits for this one: a repository that hangs must not keep the others. */
  async #turn(): Promise<void> {
    this.#startIn(RECONCILE_MS);
    await this.reconcile();
  }

  #startIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#turn(), ms);
    this.#timer.unref();
  }

  reconcile(): Promise<void> {
    return this.#track(this.#reconcile());
  }

  async #reconcile(): Promise<void> {
    const { result, over } = await this.#reconciler.run();
    if (result === 'failure') this.#startIn(RETRY_MS);
    void this.#track(over);
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#receiving.delete(tracked));
    this.#receiving.add(tracked);
    return tracked;
  }

  /** Never waits for the work, and never fails: GitHub gives ten seconds, and sends nothing twice. */
  receive({ id, name, payload }: ReceivedEvent): void {
    this.#parts.metrics.event(name);
    const { installation, repository } = payload;
    if (installation === undefined || repository === undefined) return;
    const place = {
      installationId: installation.id,
      id: repository.id,
      owner: repository.owner.login,
      repo: repository.name,
      cloneUrl: repository.clone_url,
    };
    const received = this.#dispatch(place, { id, name, payload }).catch((error: unknown) => {
      this.#parts.metrics.failed('event');
      this.#app.log.error(
        { delivery: id, event: name, ...failureFields(error) },
        'an event was lost; reconciliation will find it',
      );
    });
    void this.#track(received);
  }

  async #dispatch(place: JudgedPlace, event: WebhookEvent & { readonly id: string }): Promise<void> {
    const repository = await this.#repository(place);
    for (const intent of intentOf(event, repository.pullsAt)) repository.handle(intent, event.id);
  }

  /** A repository that was renamed is opened anew: its old name can be somebody else's by now. */
  #repository(place: JudgedPlace): Promise<RepositoryJudge> {
    const known = this.#repositories.get(place.id);
    if (known?.cloneUrl === place.cloneUrl) return known.judge;
    const judge = this.#open(place);
    this.#repositories.set(place.id, { cloneUrl: place.cloneUrl, judge });
    judge.catch(() => this.#repositories.delete(place.id));
    return judge;
  }

  async #open(place: JudgedPlace): Promise<RepositoryJudge> {
    const { judge, queue, metrics, settings } = this.#parts;
    const desk = await judge.openDesk(place);
    if (settings.publisher !== null && desk.identities.publisher === null)
      this.#app.log.warn(
        { repository: desk.name, publisher: settings.publisher },
        'PEAK_PUBLISHER_APP names no App, or the judge itself: the auto lane is closed',
      );
    return new RepositoryJudge({ desk, queue, metrics, log: this.#app.log });
  }

  /** What those who watch it ask. */
  readonly serve: HttpHandler = async (request, response) => {
    if (request.method !== 'GET') return false;
    switch (request.url?.split('?')[0]) {
      case '/metrics': {
        const { type, text } = await this.#parts.metrics.render();
        response.writeHead(200, { 'content-type': type }).end(text);
        return true;
      }
      case '/ready': {
        const readiness = this.#health.read(this.#parts.clock());
        const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
        response.writeHead(readiness.ready ? 200 : 503, headers).end(`${JSON.stringify(readiness)}\n`);
        return true;
      }
      default:
        return false;
    }
  };

  async idle(): Promise<void> {
    while (this.#receiving.size > 0 || this.#queue.length > 0) {
      await Promise.all(this.#receiving);
      await this.#queue.idle();
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#health.stopping();
    clearTimeout(this.#timer);
    await this.#queue.stop();
  }
}

/** Does something in a while, unless it is stopped before. */
function runAfter<T>(ms: number, work: () => Promise<T>): { stop(): Promise<T | null> } {
  let started: Promise<T> | null = null;
  const start = () => {
    started = work();
    // Whoever stops it hears of a failure.
    started.catch(() => undefined);
  };
  const timer = ms <= 0 ? undefined : setTimeout(start, ms);
  if (ms <= 0) start();
  return {
    stop: () => {
      clearTimeout(timer);
      return started ?? Promise.resolve(null);
    },
  };
}
