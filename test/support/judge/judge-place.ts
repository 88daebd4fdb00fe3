import { onTestFinished } from 'vitest';
import type { RunningJudge } from '../../../src/app/judge-app.ts';
import type { GovernedFolder } from '../cli/governed-folder.ts';
import { temporaryFolder } from '../cli/governed-folder.ts';
import type { Account, App } from '../forge/index.ts';
import { type GitHubPlace, githubPlace } from '../github/github-place.ts';
import {
  type JudgeStart,
  openJudgeDoor,
  protectAsRecommended,
  registerJudge,
  runJudge,
  type SeenCheck,
  whenSettled,
} from './local-judge.ts';

/** How the place is set up. */
export interface JudgePlaceOptions {
  readonly change?: (folder: GovernedFolder) => void;
  /** The protection of judge.md §1; `approved`: with one approval that GitHub itself asks for. */
  readonly protection?: 'recommended' | 'approved' | 'none';
}

/** A governed repository on a local GitHub, its people, its publisher, and a judge that gets signed webhooks over HTTP. */
export interface JudgePlace extends GitHubPlace {
  readonly judge: RunningJudge;
  readonly judgeApp: App;
  /** A second operator, beside `operator`. */
  readonly second: Account;
  readonly address: string;
  /** Resolves when everything that is on its way has been dealt with. */
  settled(): Promise<void>;
  /** The latest check of the judge's on a commit. */
  checkOn(sha: string): Promise<SeenCheck | null>;
  /** The latest check on the head of a pull request; throws when there is none. */
  check(number: number): Promise<SeenCheck>;
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
  const web = await openJudgeDoor();
  onTestFinished(web.close);
  const judgeApp = await registerJudge(forge, repository, web.address);
  const { protection = 'recommended' } = options;
  repository.settings.allow_rebase_merge = false;
  if (protection !== 'none')
    protectAsRecommended(forge, repository, judgeApp, protection === 'approved' ? 1 : 0);
  const judge = await startJudge(place, { judgeApp, server: web.server });
  await judge.idle();
  return joined(place, { judge, judgeApp, second, address: web.address });
}

/** Another instance beside the first would be started in the same way. */
async function startJudge({ forge, app }: GitHubPlace, start: JudgeStart): Promise<RunningJudge> {
  const running = await runJudge(forge, start, { publisher: app.slug, folder: temporaryFolder() });
  onTestFinished(running.stop.bind(running));
  return running;
}

function joined(
  place: GitHubPlace,
  parts: Pick<JudgePlace, 'judge' | 'judgeApp' | 'second' | 'address'>,
): JudgePlace {
  const { forge, repository, operator } = place;
  const as = (who: Account) => forge.as(who).in(repository);
  const settled = () => whenSettled(forge, parts.judge);
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
