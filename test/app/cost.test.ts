/** What judging costs of GitHub's limits, and what happens to many promotions when the killswitch is thrown (judge.md §2, §7). */
import { describe, expect, test } from 'vitest';
import type { Account } from '../support/forge/index.ts';
import { EVIDENCE, patch, withoutResearch } from '../support/github/evidence.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';
const POLICY = 'config/promotion.toml';

/** What one evaluation of a pull request asks of GitHub's API, by operation; of REST and GraphQL. */
async function callsOf(place: JudgePlace, number: number): Promise<readonly string[]> {
  const { forge, operator, repository } = place;
  await place.settled();
  const { sha } = (await place.pull(number)).head;
  const run = (await place.checkOn(sha))?.id ?? 0;
  const before = forge.requests.length;
  await forge.as(operator).in(repository).post(`/check-runs/${run}/rerequest`);
  await place.settled();
  return asked(place, before);
}

/** What the judge has asked since. */
function asked({ forge }: JudgePlace, before: number): readonly string[] {
  return forge.requests
    .slice(before)
    .filter(({ kind, actor }) => kind !== 'git' && actor === 'peak-judge[bot]')
    .map(({ operation }) => operation ?? '');
}

const READ = ['PullState'];
const WRITE = ['checks/create'];
/** A success is looked at twice: right before it is said, everything is still as it was, and nothing later has been said. */
const SUCCESS = [...READ, ...WRITE];
/** Who may do what is asked beside it, and believed for five minutes. */
const ACCESS = ['repos/get-collaborator-permission-level'];
/** What judging asks, of all that a reconciliation does. */
const JUDGING = [...READ, ...WRITE, 'pulls/list-commits', 'checks/list-for-ref'];

describe('an evaluation asks of GitHub', { timeout: 120_000 }, () => {
  test('at most four times, the write included', async () => {
    const place = await judgePlace({ change: withoutResearch });
    const { forge } = place;
    await (await place.clone()).published();
    const promotion = (await place.pulls())[0]?.number ?? 0;
    const unrelated = await place.open(place.stranger, 'words', { 'NOTES.md': 'words\n' });
    const attack = await place.open(place.stranger, 'greed', {
      [AUTO_TOML]: '[auto_applied]\n"portfolio.leverage" = 10.0\n',
    });
    const evidence = await place.open(place.stranger, 'data', { [`${EVIDENCE}/x.json`]: '{}\n' });
    expect(await callsOf(place, promotion)).toEqual([...READ, ...WRITE]);
    expect(await callsOf(place, attack)).toEqual([...READ, ...WRITE]);
    expect(await callsOf(place, evidence)).toEqual([...READ, ...WRITE]);
    expect(await callsOf(place, unrelated)).toEqual([...READ, ...SUCCESS]);
    await place.review(promotion, place.operator);
    await place.tick(promotion, place.operator);
    expect(await place.check(promotion)).toMatchObject({ conclusion: 'success' });
    expect(await callsOf(place, promotion)).toEqual([...READ, ...SUCCESS]);

    // Nobody asked, and there is nothing new to say.
    const before = forge.requests.length;
    await place.judge.reconcile();
    await place.settled();
    const routine = asked(place, before).filter((operation) => JUDGING.includes(operation));
    expect(routine).toEqual(Array(4).fill('PullState'));
  });

  test('once more for the commits of a head that it has not seen', async () => {
    const place = await judgePlace({ change: withoutResearch });
    const { forge, operator, second } = place;
    const opened = async (branch: string, ...approvers: readonly Account[]) => {
      forge.webhooks.fate = () => 'hold';
      const number = await place.open(place.stranger, branch, { [`${EVIDENCE}/${branch}.json`]: patch() });
      for (const approver of approvers) await place.review(number, approver);
      forge.webhooks.fate = () => 'send';
      const before = forge.requests.length;
      await forge.webhooks.release((held) => held.slice(-1));
      await place.settled();
      return [(await place.check(number)).conclusion, ...asked(place, before)];
    };
    expect(await opened('waits')).toEqual(['action_required', ...READ, 'pulls/list-commits', ...WRITE]);
    expect(await opened('agreed', operator, second)).toEqual([
      'success',
      ...READ,
      'pulls/list-commits',
      ...ACCESS,
      ...ACCESS,
      ...READ,
      ...WRITE,
    ]);
  });
});

/** Open promotions that are to be stopped; with PEAK_SCALE=full 200, which takes minutes. */
const MANY = process.env['PEAK_SCALE'] === 'full' ? 200 : 12;

test('the killswitch stops every promotion at once, and its red checks begin with what was green', {
  timeout: 600_000,
}, async () => {
  const place = await judgePlace({ change: withoutResearch });
  const { forge, repository, operator } = place;
  await (await place.clone()).published();
  const green = (await place.pulls())[0]?.number ?? 0;
  const others: number[] = [];
  for (let i = 1; i <= MANY; i += 1) {
    const leverage = (1 + i / 1000).toFixed(3);
    others.push(
      await place.open(place.stranger, `try-${i}`, {
        [AUTO_TOML]: `[auto_applied]\n"portfolio.leverage" = ${leverage}\n`,
      }),
    );
  }
  await place.review(green, operator);
  await place.tick(green, operator);
  expect(await place.check(green)).toMatchObject({ conclusion: 'success' });

  const before = forge.requests.length;
  const start = performance.now();
  const disable = forge.as(operator).in(repository);
  const [ruleset] = repository.rulesets.splice(0);
  const policy = (await disable.get(`/contents/${POLICY}`)).body.content as string;
  const text = Buffer.from(policy, 'base64').toString().replace('mode = "manual_only"', 'mode = "disabled"');
  await forge.push(repository, { author: operator, branch: 'main', files: { [POLICY]: text } });
  if (ruleset !== undefined) repository.rulesets.push(ruleset);
  // Before any check is red: GitHub itself wants the branch up to date.
  expect((await disable.put(`/pulls/${green}/merge`, {})).status).toBe(405);
  await place.settled();
  const written = forge.requests
    .slice(before)
    .filter(({ operation, actor }) => operation === 'checks/create' && actor === 'peak-judge[bot]');
  expect(written).toHaveLength(MANY + 1);
  if (MANY > 100)
    process.stderr.write(`${MANY + 1} red checks in ${Math.round(performance.now() - start)} ms\n`);
  const runs = repository.checkRuns.slice(-(MANY + 1));
  expect(runs[0]?.sha).toBe((await place.pull(green)).head.sha);
  expect(new Set(runs.map(({ conclusion }) => conclusion))).toEqual(new Set(['failure']));
});
