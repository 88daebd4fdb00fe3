import { onTestFinished } from 'vitest';
import type { RunningJudge } from '../../../src/app/judge-app.ts';
import type { GovernedFolder } from '../cli/governed-folder.ts';
import { temporaryFolder } from '../cli/governed-folder.ts';
import type { Account, App } from '../forge/index.ts';
import { type GitHubPlace, githubPlace } from '../github/github-place.ts';
import {
  type LogLine,
  listen,
  protect,
  registerJudge,
  type SeenCheck,
  startJudge,
  whenSettled,
} from './local-judge.ts';

export type { SeenCheck } from './local-judge.ts';

/** How the place is set up. */
export interface JudgePlaceOptions {
  readonly change?: (folder: GovernedFolder) => void;
  /** The protection of judge.md §1; `approved`: with one approval that GitHub itself asks for. */
  readonly protection?: 'recommended' | 'approved' | 'none';
  /** Operators have acknowledged the first commit, so that its evidence is trusted (ADR 0016). Default false. */
  readonly isAcknowledged?: boolean;
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
  const web = await listen(onTestFinished);
  const judgeApp = await registerJudge(forge, web.address);
  forge.install(judgeApp, repository.owner, [repository]);
  protect(place, judgeApp, options.protection ?? 'recommended');
  const judges: RunningJudge[] = [];
  const logged: LogLine[] = [];
  const startInstance: JudgePlace['startInstance'] = async (settings = { publisher: place.app.slug }) => {
    const judge = await startJudge(place, {
      judgeApp,
      web,
      settings: { folder: temporaryFolder(), ...settings },
      logged,
    });
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

/** What an operator commits who has looked at everything that stands on the default branch, whose tip is the genesis. */
export async function acknowledge({ forge, repository, operator }: GitHubPlace): Promise<void> {
  const commit = repository.refs.get('refs/heads/main') ?? '';
  const known = { schema_version: 1, commit, deviations: ['UNEXPLAINED'], reason: 'looked through' };
  const files = { [`reports/audit/${commit}.json`]: `${JSON.stringify(known)}\n` };
  const { ok, said } = await forge.push(repository, { author: operator, branch: 'main', files });
  if (!ok) throw new Error(said);
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
  const settled = () => whenSettled(forge, judges);
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
