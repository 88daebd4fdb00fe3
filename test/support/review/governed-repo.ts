import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatInstant, type Instant, instantFromMs } from '../../../src/kernel/instant.ts';
import { GovernedFolder } from '../cli/governed-folder.ts';
import { runHere } from '../cli/run-here.ts';
import { cleanEnvironment } from '../cli/run-peak.ts';

/** A change to judge: two refs. */
export interface Change {
  readonly base: string;
  readonly head: string;
}

export const PROMOTION = 'peak/promotion/manual';
export const AUTO_TOML = 'config/live_overrides/auto.toml';
export const POLICY = 'config/promotion.toml';
export const BASE_CONFIG = 'config/config.toml';
export const EVIDENCE = 'reports/learning_snippets';

const POLICY_TEXT = `[promotion]
mode = "bounded_auto"

[eligibility]
targets = ["portfolio.leverage", "strategy.trigger_delay"]

[never]
targets = ["risk.stop_loss"]

[bounds.leverage]
min = 1.0
max = 2.0
max_step = 0.25
riskier = "higher"

[bounds.trigger]
min = 3.0
max = 15.0
max_step = 2.0

[approvals]
operators = ["alice", "bob"]
manual = 1
evidence = 1
policy_loosening = 2

[machinery]
paths = ["src/**", "package*.json"]
`;

const CONFIG_TEXT = `[environment]
mode = "live"

[portfolio]
leverage = 1.0

[strategy]
trigger_delay = 10.0

[risk]
stop_loss = 0.02
`;

const HOUR_MS = 3_600_000;

/** What a signal recommends, `[target, old, new]` each, and any other field. */
interface SignalFields {
  readonly changes?: readonly (readonly [string, unknown, unknown])[];
  readonly [field: string]: unknown;
}

/**
 * A small governed repository with one honest promotion on a branch, made by the real command. Times are those of the test run,
 * because `peak check` judges by the real clock.
 */
export class GovernedRepo extends GovernedFolder {
  readonly now: Instant = instantFromMs(Math.floor(Date.now() / 1000) * 1000);
  #branches = 0;

  /** `manual`: approvals that the manual lane asks for; `mode`: what the cycle is asked for; `more`: operators beside alice and bob. */
  static async create({ manual = 1, mode = 'manual_only', more = '' } = {}): Promise<GovernedRepo> {
    const repo = new GovernedRepo(realpathSync(mkdtempSync(join(tmpdir(), 'peak-judge-'))));
    const policy = POLICY_TEXT.replace('manual = 1', `manual = ${manual}`);
    repo.write(POLICY, more === '' ? policy : policy.replace('"bob"', `"bob", "${more}"`));
    repo.write(BASE_CONFIG, CONFIG_TEXT);
    repo.write(
      AUTO_TOML,
      '[auto_applied]\n# "portfolio.leverage" has its base value\n\n# "strategy.trigger_delay" has its base value\n',
    );
    repo.write(
      `${EVIDENCE}/health.json`,
      repo.signal({ source: 'test_health', metrics: { health_score: 95 } }),
    );
    repo.write(`${EVIDENCE}/delay.json`, repo.signal({ changes: [['strategy.trigger_delay', 10.0, 11.0]] }));
    repo.write('.gitignore', '.peak/\n');
    repo.write('README.md', '# Governed\n');
    repo.git('init', '--quiet', '--initial-branch=main');
    repo.commit('start', repo.now - 3 * HOUR_MS);
    repo.write(`${EVIDENCE}/leverage.json`, repo.signal({ changes: [['portfolio.leverage', 1.0, 1.25]] }));
    await repo.publish(['--auto-apply-mode', mode]);
    repo.remove(`${EVIDENCE}/leverage.json`);
    return repo;
  }

  /** Runs the real cycle on what is checked out; its commit stands on `PROMOTION`. */
  async publish(args: readonly string[]): Promise<void> {
    const env = { SOURCE_DATE_EPOCH: String(this.now / 1000 - 60) };
    const run = await runHere(this, ['cycle', '--publish', 'branch', '--json', ...args], { env });
    if (run.exitCode !== 0 || !run.stdout.includes('peak/promotion/'))
      throw new Error(run.stdout + run.stderr);
  }

  /** A learning signal of yesterday, as a text. */
  signal({ changes = [], ...fields }: SignalFields): string {
    const text = {
      schema_version: 1,
      source: 'backtest',
      created_at: formatInstant(instantFromMs(this.now - 24 * HOUR_MS)),
      confidence: 0.9,
      sample_size: 50,
      recommended_changes: changes.map(([target, old, next]) => ({
        target,
        old_value: old,
        new_value: next,
      })),
      ...fields,
    };
    return `${JSON.stringify(text)}\n`;
  }

  git(...args: readonly string[]): string {
    return this.#run(args, this.now - 30_000);
  }

  /** Commits everything that is there, at a time; answers the commit. */
  commit(message = 'change', at: number = this.now - 30_000): string {
    this.#run(['add', '--all'], at);
    this.#run(['commit', '--quiet', '--allow-empty', '--message', message], at);
    return this.git('rev-parse', 'HEAD');
  }

  /** A new branch from a ref with one more commit; answers its name. The work tree is back on `main` afterwards. */
  branch(from: string, change: (repo: GovernedRepo) => void): string {
    this.#branches += 1;
    const name = `try-${this.#branches}`;
    this.git('checkout', '--quiet', '--force', '-b', name, from);
    change(this);
    this.commit(name);
    this.git('checkout', '--quiet', '--force', 'main');
    this.git('clean', '-ffdq');
    return name;
  }

  /** The honest promotion, and something on top. */
  onPromotion(change: (repo: GovernedRepo) => void, base = 'main'): Change {
    return { base, head: this.branch(PROMOTION, change) };
  }

  /** A change of the base. */
  onMain(change: (repo: GovernedRepo) => void, base = 'main'): Change {
    return { base, head: this.branch(base, change) };
  }

  /** The proposal's folder on the promotion branch, while a branch from it is checked out. */
  proposal(): string {
    const [id = ''] = this.names('reports/live_promotion');
    return `reports/live_promotion/${id}`;
  }

  makeExecutable(path: string): void {
    chmodSync(this.path(path), 0o755);
  }

  link(path: string, target: string): void {
    symlinkSync(target, this.path(path));
  }

  destroy(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #run(args: readonly string[], at: number): string {
    const date = `${Math.floor(at / 1000)} +0000`;
    const person = { NAME: 'Mallory', EMAIL: 'mallory@example.org', DATE: date };
    const identity = Object.entries(person).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    return execFileSync('git', args, {
      cwd: this.root,
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...cleanEnvironment(), ...Object.fromEntries(identity) } as NodeJS.ProcessEnv,
    }).trimEnd();
  }
}
