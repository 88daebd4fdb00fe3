import { randomUUID } from 'node:crypto';
import type { ApplicationFunction, Probot } from 'probot';
import { type JudgedPlace, openJudge } from '../compose.ts';
import { type Instant, instantFromMs, MINUTE_MS } from '../kernel/instant.ts';
import { connect } from './connection.ts';
import { intentOf, type WebhookEvent } from './intents.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { RepositoryJudge } from './repository-judge.ts';
import type { JudgeSettings } from './settings.ts';
import { WorkQueue } from './work-queue.ts';

/** How often everything open is gone through, in milliseconds (judge.md §6). */
const RECONCILE_MS = 10 * MINUTE_MS;

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
}

/** The Probot application: event → use case, nothing else. It answers GitHub at once and works afterwards. */
export function createJudgeApp(settings: JudgeSettings, options: JudgeAppOptions = {}): ApplicationFunction {
  return async (app, { addHandler }) => {
    const clock = options.clock ?? (() => instantFromMs(Date.now()));
    const judge = await JudgeService.start(app, settings, clock);
    addHandler((request, response) => judge.serveMetrics(request, response));
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

class JudgeService implements RunningJudge {
  readonly #app: Probot;
  readonly #queue: WorkQueue;
  readonly #metrics: Metrics;
  readonly #judge: Awaited<ReturnType<typeof openJudge>>;
  readonly #repositories = new Map<number, OpenRepository>();
  readonly #receiving = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    app: Probot,
    parts: { queue: WorkQueue; metrics: Metrics; judge: Awaited<ReturnType<typeof openJudge>> },
  ) {
    this.#app = app;
    this.#queue = parts.queue;
    this.#metrics = parts.metrics;
    this.#judge = parts.judge;
  }

  static async start(app: Probot, settings: JudgeSettings, clock: () => Instant): Promise<JudgeService> {
    const queue: WorkQueue = new WorkQueue({
      lanes: LANES,
      onError: (job, error) => {
        metrics.failed(job.key.replace(/^[^#:]*[#:]/, '').replace(/\d+/g, 'N'));
        app.log.error({ job: job.key, err: error }, 'a job failed');
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
    return new JudgeService(app, { queue, metrics, judge });
  }

  /** Judges everything that is open: nobody knows what happened before. */
  begin(): void {
    this.#timer = setInterval(() => void this.reconcile(), RECONCILE_MS);
    this.#timer.unref();
    void this.reconcile();
  }

  reconcile(): Promise<void> {
    return this.#track(this.#reconcile());
  }

  /** A repository that cannot be opened costs the others nothing. */
  async #reconcile(): Promise<void> {
    try {
      const places = await this.#judge.listPlaces();
      const opened = await Promise.allSettled(places.map((place) => this.#repository(place)));
      for (const [i, result] of opened.entries()) {
        if (result.status === 'fulfilled') result.value.reconcile();
        else this.#app.log.error({ repository: places[i]?.id, err: result.reason }, 'cannot be judged');
      }
      this.#metrics.reconciled(Date.now());
    } catch (error) {
      this.#app.log.error({ err: error }, 'reconciliation failed; the next one starts in ten minutes');
    }
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#receiving.delete(tracked));
    this.#receiving.add(tracked);
    return tracked;
  }

  /** Never waits for the work, and never fails: GitHub gives ten seconds, and sends nothing twice. */
  receive({ id, name, payload }: ReceivedEvent): void {
    this.#metrics.event(name);
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
      this.#app.log.error(
        { delivery: id, event: name, err: error },
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
    const desk = await this.#judge.openDesk(place);
    return new RepositoryJudge({ desk, queue: this.#queue, metrics: this.#metrics, log: this.#app.log });
  }

  readonly serveMetrics: HttpHandler = async (request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') return false;
    const { type, text } = await this.#metrics.render();
    response.writeHead(200, { 'content-type': type }).end(text);
    return true;
  };

  async idle(): Promise<void> {
    while (this.#receiving.size > 0 || this.#queue.length > 0) {
      await Promise.all(this.#receiving);
      await this.#queue.idle();
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
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
