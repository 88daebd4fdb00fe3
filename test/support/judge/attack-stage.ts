import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningJudge } from '../../../src/app/judge-app.ts';
import { cleanEnvironment } from '../cli/run-peak.ts';
import { type Account, type App, type Forge, type Repository, startForge } from '../forge/index.ts';
import type { GovernedRepo } from '../review/governed-repo.ts';
import { type Cleaning, listen, protect, registerJudge, startJudge } from './local-judge.ts';

const run = promisify(execFile);

/** Operators of the governed repository; the third is asked for with `GovernedRepo.create({ more: 'carol' })`. */
const OPERATORS = ['alice', 'bob', 'carol'];

/** A pull request to stage: ids of two commits. */
export interface Staging {
  readonly base: string;
  readonly head: string;
  /** Whether every operator approves it, deceived. */
  readonly isApproved: boolean;
}

/** A staged pull request. */
export interface Staged {
  readonly repository: Repository;
  readonly number: number;
  readonly head: string;
}

/**
 * One local GitHub with a repository for each state of a base, all pushed there from one governed repository by real git, and one judge
 * that is installed in all of them.
 */
export class AttackStage {
  readonly forge: Forge;
  readonly judge: RunningJudge;
  readonly #app: App;
  readonly #owner: Account;
  readonly #writer: Account;
  readonly #operators: readonly Account[];
  readonly #source: GovernedRepo;
  #repositories = 0;

  private constructor(parts: StageParts) {
    this.forge = parts.forge;
    this.judge = parts.judge;
    this.#app = parts.app;
    this.#source = parts.source;
    this.#owner = this.forge.createOrganization('acme');
    this.#writer = this.forge.createUser('mallory', { email: 'mallory@example.org' });
    this.#operators = OPERATORS.map((login) => this.forge.createUser(login));
    this.forge.install(this.#app, this.#owner);
  }

  static async start(source: GovernedRepo, whenOver: Cleaning): Promise<AttackStage> {
    const forge = await startForge({ clock: Date.now });
    whenOver(() => forge.close());
    const web = await listen(whenOver);
    const app = await registerJudge(forge, web.address);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'peak-stage-')));
    whenOver(async () => rmSync(folder, { recursive: true, force: true }));
    const judge = await startJudge({ forge }, { judgeApp: app, web, settings: { publisher: null, folder } });
    whenOver(() => judge.stop());
    return new AttackStage({ forge, judge, app, source });
  }

  /** Opens pull requests of one base in a new repository; null where GitHub itself refuses to. No webhook leaves before `release`. */
  async open(stagings: readonly Staging[]): Promise<readonly (Staged | null)[]> {
    this.forge.webhooks.fate = () => 'drop';
    const repository = await this.#createRepository();
    const base = stagings[0]?.base ?? '';
    const heads = stagings.map(({ head }, i) => `${head}:refs/heads/try-${i}`);
    await this.#push(repository, [`${base}:refs/heads/main`, ...heads, 'refs/replace/*:refs/replace/*']);
    protect({ forge: this.forge, repository }, this.#app, 'recommended');
    this.forge.webhooks.fate = () => 'hold';
    const staged: (Staged | null)[] = [];
    for (const [i, staging] of stagings.entries())
      staged.push(await this.#openPull(repository, staging, `try-${i}`));
    return staged;
  }

  /** Lets the last webhook of each pull request go, the others being lost, and waits until all have been dealt with. */
  async release(): Promise<void> {
    this.forge.webhooks.fate = () => 'send';
    await this.forge.webhooks.release((held) => {
      const last = new Map(held.map((delivery) => [pullOf(delivery.payload), delivery]));
      return [...last].flatMap(([pull, delivery]) => (pull === null ? [] : [delivery]));
    });
    await this.settled();
  }

  async settled(): Promise<void> {
    // What the judge writes sends webhooks in turn.
    for (let i = 0; i < 2; i += 1) {
      await this.forge.webhooks.idle();
      await this.judge.idle();
    }
  }

  /** What the judge's check on a head says now; null: it has never been judged. */
  async conclusion({ repository, head }: Staged): Promise<string | null> {
    const path = `/commits/${head}/check-runs?check_name=peak/governance&app_id=${this.#app.id}`;
    const { body } = await this.#as(this.#writer, repository).get(path);
    return (body.check_runs as { conclusion: string | null }[])[0]?.conclusion ?? null;
  }

  /** What GitHub answers to somebody who tries to merge. */
  async merge({ repository, number }: Staged): Promise<number> {
    return (await this.#as(this.#writer, repository).put(`/pulls/${number}/merge`, {})).status;
  }

  async #createRepository(): Promise<Repository> {
    this.#repositories += 1;
    const repository = await this.forge.createRepository({
      owner: this.#owner,
      name: `trading-${this.#repositories}`,
    });
    for (const person of [this.#writer, ...this.#operators]) this.forge.setRole(repository, person, 'write');
    return repository;
  }

  async #push(repository: Repository, refspecs: readonly string[]): Promise<void> {
    const url = this.forge.as(this.#writer).gitUrl(repository);
    const env = cleanEnvironment() as NodeJS.ProcessEnv;
    await run('git', ['push', '--quiet', url, ...refspecs], { cwd: this.#source.root, env });
  }

  async #openPull(repository: Repository, { isApproved }: Staging, branch: string): Promise<Staged | null> {
    const draft = { title: branch, head: branch, base: 'main', body: '- [x] everything is fine' };
    const { status, body } = await this.#as(this.#writer, repository).post('/pulls', draft);
    if (status === 422) return null;
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
    const number: number = body.number;
    for (const operator of isApproved ? this.#operators : [])
      await this.#as(operator, repository).post(`/pulls/${number}/reviews`, { event: 'APPROVE' });
    return { repository, number, head: body.head.sha };
  }

  #as(who: Account, repository: Repository) {
    return this.forge.as(who).in(repository);
  }
}

/** Which pull request an event is about; null where it is about none. */
function pullOf(payload: Readonly<Record<string, unknown>>): string | null {
  const { pull_request: pull, repository } = payload as {
    readonly pull_request?: { readonly number: number };
    readonly repository?: { readonly id: number };
  };
  return pull === undefined || repository === undefined ? null : `${repository.id}#${pull.number}`;
}

interface StageParts {
  readonly forge: Forge;
  readonly judge: RunningJudge;
  readonly app: App;
  readonly source: GovernedRepo;
}
