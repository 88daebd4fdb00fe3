import type { Logger } from 'probot';
import type { Judge, JudgedPlace } from '../compose.ts';
import { AppError } from '../kernel/app-error.ts';
import type { Instant } from '../kernel/instant.ts';
import { failureFields } from './failure-fields.ts';
import type { JudgeHealth } from './judge-health.ts';
import type { Metrics, RoundResult } from './metrics.ts';
import { readProductVersion } from './product-version.ts';
import type { RepositoryJudge, Round } from './repository-judge.ts';
import type { JudgeSettings } from './settings.ts';

/** What a reconciliation needs. */
export interface ReconcilerOptions {
  readonly judge: Pick<Judge, 'identify' | 'listPlaces'>;
  readonly settings: JudgeSettings;
  readonly metrics: Metrics;
  readonly health: JudgeHealth;
  readonly log: Logger;
  readonly clock: () => Instant;
  /** The address of GitHub's API. */
  readonly github: () => Promise<string>;
  readonly open: (place: JudgedPlace) => Promise<RepositoryJudge>;
  readonly onRefused: () => void;
}

/** What became of going through everything. */
export interface Reconciled {
  readonly result: RoundResult;
  /** Resolves when what was found open has been judged, too, and the log has its line. Never rejects. */
  readonly over: Promise<void>;
}

/** Goes through every repository that the App is installed in, and says what came of it: to the log, the metrics and `/ready`. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  #isKnown = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Goes through all of it once. Never rejects. */
  async run(): Promise<Reconciled> {
    const { judge, log, metrics, clock } = this.#options;
    const startedAt = clock();
    try {
      if (!(await this.#identify())) return this.#failed();
      const places = await judge.listPlaces();
      if (places.length === 0)
        log.warn(
          'the App is installed in no repository: nothing is judged; install it ("Install App" on its page)',
        );
      const rounds = await this.#goThrough(places);
      const done = rounds.filter(({ isDone }) => isDone).length;
      const result = done === places.length ? 'success' : done > 0 ? 'partial' : 'failure';
      metrics.reconciled(result, clock());
      if (result !== 'failure') this.#options.health.succeeded(clock());
      return { result, over: this.#sum(rounds, { result, repositories: places.length, done, startedAt }) };
    } catch (error) {
      log.error(failureFields(error), 'reconciliation failed; the next one starts in a minute');
      return this.#failed();
    }
  }

  /** Whose key it is, asked each time: a key can be deleted. False when GitHub refuses it. */
  async #identify(): Promise<boolean> {
    const { judge, settings, log, health, onRefused } = this.#options;
    try {
      const { id, slug } = await judge.identify();
      if (this.#isKnown) return true;
      this.#isKnown = true;
      log.info(
        {
          version: readProductVersion(),
          app: slug,
          appId: id,
          publisher: settings.publisher,
          folder: settings.folder,
          github: await this.#options.github(),
        },
        'the judge runs',
      );
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'GITHUB_REFUSED') throw error;
      health.refused();
      const { why } = failureFields(error);
      const help =
        'APP_ID and the key of PRIVATE_KEY or PRIVATE_KEY_PATH must be of one App that exists, and the key not deleted';
      log.fatal(
        { code: error.code, why, help },
        'GitHub refuses APP_ID with this PRIVATE_KEY: nothing can be judged',
      );
      if (!this.#isKnown) onRefused();
      return false;
    }
  }

  /** A repository that cannot be opened costs the others nothing. */
  async #goThrough(places: readonly JudgedPlace[]): Promise<readonly Round[]> {
    const { log, metrics, open } = this.#options;
    const rounds = places.map(async (place) => {
      try {
        return await (await open(place)).reconcile();
      } catch (error) {
        metrics.failed('open');
        log.error(
          { repository: `${place.owner}/${place.repo}`, ...failureFields(error) },
          'cannot be judged',
        );
        return null;
      }
    });
    return (await Promise.all(rounds)).filter((round) => round !== null);
  }

  async #sum(
    rounds: readonly Round[],
    {
      result,
      startedAt,
      ...counts
    }: { result: RoundResult; repositories: number; done: number; startedAt: Instant },
  ): Promise<void> {
    const { log, clock, health } = this.#options;
    const judged = (await Promise.all(rounds.map((round) => round.judged))).reduce(
      (sum, count) => sum + count,
      0,
    );
    const pulls = rounds.reduce((sum, round) => sum + round.pulls, 0);
    // Forgotten, not failed.
    if (health.isStopping) return;
    const seconds = (clock() - startedAt) / 1000;
    const fields = { result, ...counts, pulls, judged, seconds };
    if (result === 'success' && judged === pulls) log.info(fields, 'reconciled');
    else log.warn(fields, 'reconciled in part');
  }

  #failed(): Reconciled {
    this.#options.metrics.reconciled('failure', this.#options.clock());
    return { result: 'failure', over: Promise.resolve() };
  }
}
