/** The whole way of a value on a local GitHub: proposed, judged, approved, merged, loaded, taken back, and explained (issue 5). */
import { expect, test } from 'vitest';
import { loadConfigWithLiveOverrides } from '../../src/index.ts';
import { answerOf } from '../support/cli/answer.ts';
import { runHere } from '../support/cli/run-here.ts';
import type { Clone } from '../support/github/github-place.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';

/** What sessions of both kinds would trade with, in a fresh clone of the default branch. */
async function loaded(clone: Clone): Promise<Readonly<Record<'live' | 'paper', unknown>>> {
  await clone.fetch('main');
  clone.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  clone.git('clean', '--quiet', '-fd');
  const leverage = (env: 'live' | 'paper') =>
    loadConfigWithLiveOverrides({ root: clone.root, env, variables: {}, log: () => undefined }).get(
      'portfolio.leverage',
    );
  return { live: leverage('live'), paper: leverage('paper') };
}

/** GitHub's Revert button on a merged pull request, and the pull request that it offers. */
async function revert(place: JudgePlace, merged: number): Promise<number> {
  const { forge, repository, operator } = place;
  const head = await forge.pushRevert(repository, merged, operator);
  const opened = await forge
    .as(operator)
    .in(repository)
    .post('/pulls', { title: 'Back', head, base: 'main' });
  expect(opened.status).toBe(201);
  return opened.body.number as number;
}

async function audit(clone: Clone) {
  await clone.fetch('+refs/notes/peak:refs/notes/peak');
  const run = await runHere(clone, ['audit', '--json'], { env: { SOURCE_DATE_EPOCH: '' } });
  return { exitCode: run.exitCode, answer: answerOf(run) };
}

async function promote(place: JudgePlace): Promise<number> {
  const clone = await place.clone();
  await clone.published();
  const number = (await place.pulls())[0]?.number ?? 0;
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  expect(await place.merge(number, place.operator)).toBe(405);
  await place.review(number, place.operator);
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  await place.tick(number, place.operator);
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  expect(await place.merge(number, place.operator)).toBe(200);
  return number;
}

test.each([
  ['the recommended protection', 'recommended'],
  ['an approval that GitHub asks for besides', 'approved'],
] as const)('a value goes live and comes back, under %s', { timeout: 120_000 }, async (_, protection) => {
  const place = await judgePlace({ protection });
  const clone = await place.clone();
  expect(await loaded(clone)).toEqual({ live: 1, paper: 1 });
  const number = await promote(place);
  expect(await loaded(clone)).toEqual({ live: 1.25, paper: 1 });
  place.wait(3_600_000);
  const back = await revert(place, number);
  expect(await place.check(back)).toMatchObject({ conclusion: 'success' });
  if (protection === 'approved') {
    expect(await place.merge(back, place.operator)).toBe(405);
    await place.review(back, place.second);
  }
  expect(await place.merge(back, place.operator)).toBe(200);
  expect(await loaded(clone)).toEqual({ live: 1, paper: 1 });
  const { exitCode, answer } = await audit(clone);
  expect(answer).toMatchObject({ explained: true, deviations: [] });
  expect(exitCode).toBe(0);
  expect(answer['counts']).toMatchObject({ verdicts: 2 });
});
