/** What judging costs of GitHub's limits, and what happens to many promotions when the killswitch is thrown (judge.md §2, §7). */
import { describe, expect, test } from 'vitest';
import { withoutResearch } from '../support/github/evidence.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';
const POLICY = 'config/promotion.toml';

/** What one evaluation of a pull request asks of REST, when the judge has been at work for a while; as `method operation`. */
async function callsOf(place: JudgePlace, number: number): Promise<readonly string[]> {
  const { forge, operator, repository } = place;
  await place.settled();
  const { sha } = (await place.pull(number)).head;
  const run = (await place.checkOn(sha))?.id ?? 0;
  const before = forge.requests.length;
  await forge.as(operator).in(repository).post(`/check-runs/${run}/rerequest`);
  await place.settled();
  return forge.requests
    .slice(before)
    .filter(({ kind, actor }) => kind === 'rest' && actor === 'peak-judge[bot]')
    .map(({ operation }) => operation ?? '');
}

const READ = ['pulls/get'];
const WRITE = ['checks/create'];
/** A success is looked at twice: nothing later has been said, and tip and reviews are still what they were. */
const SUCCESS = ['checks/list-for-ref', ...WRITE];

describe('an evaluation asks of GitHub', { timeout: 120_000 }, () => {
  test('at most four times, and twice more for a success that people agreed to', async () => {
    const place = await judgePlace({ change: withoutResearch });
    await (await place.clone()).published();
    const promotion = (await place.pulls())[0]?.number ?? 0;
    const unrelated = await place.open(place.stranger, 'words', { 'NOTES.md': 'words\n' });
    const attack = await place.open(place.stranger, 'greed', {
      [AUTO_TOML]: '[auto_applied]\n"portfolio.leverage" = 10.0\n',
    });
    const evidence = await place.open(place.stranger, 'data', { 'reports/learning_snippets/x.json': '{}\n' });
    expect(await callsOf(place, promotion)).toEqual([...READ, 'pulls/list-reviews', ...WRITE]);
    expect(await callsOf(place, attack)).toEqual([...READ, 'pulls/list-reviews', ...WRITE]);
    expect(await callsOf(place, evidence)).toEqual([...READ, 'pulls/list-reviews', ...WRITE]);
    expect(await callsOf(place, unrelated)).toEqual([...READ, ...SUCCESS]);
    await place.review(promotion, place.operator);
    await place.tick(promotion, place.operator);
    expect(await place.check(promotion)).toMatchObject({ conclusion: 'success' });
    expect(await callsOf(place, promotion)).toEqual([
      ...READ,
      'pulls/list-reviews',
      'issues/list-comments',
      ...SUCCESS,
      'pulls/list-reviews',
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
