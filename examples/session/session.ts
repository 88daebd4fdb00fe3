/**
 * A trading session without the trading: it loads its configuration, says what was applied and what was ignored, and
 * loads again when a file changes. It sends no order and knows no exchange; each tick prints the parameters it would use.
 *
 *   npx tsx examples/session/session.ts --env live --ticks 3
 */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  acknowledgeLoad,
  isLiveLikeEnvironment,
  loadConfigWithLiveOverrides,
  type PeakConfig,
} from 'peak-trade-gitops';

/** The parameters that this session would trade with. */
const PARAMETERS = ['portfolio.leverage', 'strategy.trigger_delay', 'macro.regime_weight'] as const;
/** Folders, not files: an atomic rename replaces a file, and a watch on the old one would see nothing any more. */
const WATCHED_FOLDERS = ['config', 'config/live_overrides'] as const;
/** One change of a file is several events. */
const DEBOUNCE_MS = 100;

interface Options {
  readonly root: string;
  readonly env: string | undefined;
  readonly noOverrides: boolean;
  /** Under which name `peak status` finds what this session loaded; undefined: it does not say. */
  readonly session: string | undefined;
  /** Infinity: until SIGINT. */
  readonly ticks: number;
  readonly intervalMs: number;
}

/** A configuration, and what the loader said about it. */
interface Loaded {
  readonly config: PeakConfig;
  readonly lines: readonly string[];
}

class Session {
  readonly #options: Options;
  #current: Loaded;
  /** Why the last reload failed; null when it did not. */
  #fault: string | null = null;
  #ticks = 0;
  #stop: () => void = () => {};

  /** Throws when the base configuration is bad: a session must not start on one. */
  constructor(options: Options) {
    this.#options = options;
    this.#current = load(options);
    const { config } = this.#current;
    const live = isLiveLikeEnvironment(config) ? 'live-like' : 'not live-like';
    say(this.#current.lines);
    acknowledge(config, options);
    print(`session: environment.mode ${JSON.stringify(config.mode)} is ${live}; ${summary(config)}`);
  }

  run(): void {
    const unwatch = watchFolders(this.#options.root, () => this.reload());
    const timer = setInterval(() => this.tick(), this.#options.intervalMs);
    this.#stop = () => {
      clearInterval(timer);
      unwatch();
      print(`session: ended after ${this.#ticks} ticks`);
      this.#stop = () => {};
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => this.#stop());
    this.tick();
  }

  tick(): void {
    // A watch can miss a change, on a network file system for example. Loading takes less than a millisecond.
    this.reload();
    this.#ticks += 1;
    const { config } = this.#current;
    print(`tick ${this.#ticks}: ${PARAMETERS.map((name) => `${name} = ${show(config, name)}`).join(', ')}`);
    if (this.#ticks >= this.#options.ticks) this.#stop();
  }

  /** Takes over what has changed. A bad base configuration changes nothing: the last good one stays. */
  reload(): void {
    let next: Loaded;
    try {
      next = load(this.#options);
    } catch (error) {
      this.#keepLastGood(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#fault !== null) print('reload: the base configuration is good again');
    this.#fault = null;
    const { config } = this.#current;
    if (next.config.digest === config.digest && sameLines(next.lines, this.#current.lines)) return;
    const moved = PARAMETERS.filter((name) => show(config, name) !== show(next.config, name));
    const changes = moved.map((name) => `${name} ${show(config, name)} → ${show(next.config, name)}`);
    this.#current = next;
    say(next.lines);
    acknowledge(next.config, this.#options);
    print(`reload: ${changes.join(', ') || 'no parameter of this session moved'}; ${summary(next.config)}`);
  }

  #keepLastGood(fault: string): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    say([fault]);
    print(`reload: failed; the last good configuration stays; ${summary(this.#current.config)}`);
  }
}

function load({ root, env, noOverrides }: Options): Loaded {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  // Left out, PEAK_NO_OVERRIDES decides.
  const overrides = noOverrides ? false : undefined;
  return { config: loadConfigWithLiveOverrides({ root, env, overrides, log }), lines };
}

/** Says what this session loaded. It trades on when nobody can hear it, and says that. */
function acknowledge(config: PeakConfig, { root, session }: Options): void {
  if (session === undefined) return;
  try {
    acknowledgeLoad(config, { session, root });
  } catch (error) {
    say([`session: not acknowledged: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** Calls back a moment after the last of several events. Returns what ends it. */
function watchFolders(root: string, onChange: () => void): () => void {
  let pending: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(pending);
    pending = setTimeout(onChange, DEBOUNCE_MS);
  };
  const watchers = WATCHED_FOLDERS.flatMap((folder) => {
    try {
      const watcher = watch(join(root, folder), later);
      return [watcher.on('error', () => watcher.close())];
    } catch {
      return []; // no such folder: ticks look anyway
    }
  });
  return () => {
    clearTimeout(pending);
    for (const watcher of watchers) watcher.close();
  };
}

function summary({ applied, ignored, digest }: PeakConfig): string {
  const count = `${applied.length} override${applied.length === 1 ? '' : 's'}`;
  return `${count} applied, ${ignored.length} ignored; digest ${digest.slice(0, 12)}`;
}

function show(config: PeakConfig, name: string): string {
  return JSON.stringify(config.get(name, 'missing'));
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      root: { type: 'string', default: '.' },
      env: { type: 'string' },
      'no-overrides': { type: 'boolean', default: false },
      session: { type: 'string' },
      ticks: { type: 'string', default: 'Infinity' },
      interval: { type: 'string', default: '1' },
    },
  });
  const ticks = Number(values.ticks);
  const intervalMs = Number(values.interval) * 1000;
  if (!(ticks >= 1) || !(intervalMs > 0))
    throw new Error('--ticks is at least 1, --interval is seconds above 0');
  const { root, env, session } = values;
  return { root, env, session, noOverrides: values['no-overrides'], ticks, intervalMs };
}

try {
  new Session(parseOptions(process.argv.slice(2))).run();
} catch (error) {
  say([error instanceof Error ? error.message : String(error)]);
  process.exitCode = 2;
}
