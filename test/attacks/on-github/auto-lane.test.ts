/** Hoping for the lane that nobody looks at: a perfect copy, the bot's name, the bot's own key in the wrong hands, forged verdicts. */
import { expect, test } from 'vitest';
import type { GovernedFolder } from '../../support/cli/governed-folder.ts';
import type { Account } from '../../support/forge/index.ts';
import { withoutResearch } from '../../support/github/evidence.ts';
import { type JudgePlace, type JudgePlaceOptions, judgePlace } from '../../support/judge/judge-place.ts';
import type { SeenCheck } from '../../support/judge/local-judge.ts';

const AUTO = 'peak/promotion/auto';

function openLane(folder: GovernedFolder): void {
  withoutResearch(folder);
  folder.setMode('bounded_auto');
}

/** The bot's own promotion of the auto lane, published while the judge hears nothing. */
async function autoPlace(options: JudgePlaceOptions = { isAcknowledged: true }) {
  const place = await judgePlace({ change: openLane, ...options });
  const { forge, repository } = place;
  const clone = await place.clone();
  forge.webhooks.fate = () => 'drop';
  const { branches } = await clone.published();
  forge.webhooks.fate = () => 'send';
  const own = branches.find(({ branch }) => branch === AUTO)?.pull?.number;
  if (own === undefined) throw new Error('nothing was proposed for the auto lane');
  const { sha } = (await place.pull(own)).head;
  const open = async (who: Account, head: string): Promise<number> =>
    (await forge.as(who).in(repository).post('/pulls', { title: 'same', head, base: 'main' })).body.number;
  return { place, clone, own, sha, open };
}

function isMerged({ repository }: JudgePlace, number: number): boolean {
  return repository.pulls.get(number)?.mergeCommit != null;
}

function codesOf({ output }: SeenCheck): readonly string[] {
  return [...`${output.summary}${output.text}`.matchAll(/, `([A-Z_]+)`\)/g)].map(([, code = '']) => code);
}

test('a perfect copy by a stranger is not the bot’s, on whatever branch, and the bot’s own is', async () => {
  const { place, own, sha, open } = await autoPlace();
  const { forge, repository, stranger, operator } = place;
  const close = (who: Account) => forge.as(who).in(repository).patch(`/pulls/${own}`, { state: 'closed' });
  forge.webhooks.fate = () => 'drop';
  await close(operator);
  forge.webhooks.fate = () => 'send';
  const ref = { ref: 'refs/heads/copy', sha };
  expect((await forge.as(stranger).in(repository).post('/git/refs', ref)).status).toBe(201);
  for (const branch of ['copy', AUTO]) {
    const number = await open(stranger, branch);
    const check = await place.check(number);
    expect([check.conclusion, codesOf(check).includes('LANE_NOT_BOT')]).toEqual(['action_required', true]);
    expect(await place.merge(number, stranger)).toBe(405);
    expect(isMerged(place, number)).toBe(false);
    await forge.as(stranger).in(repository).patch(`/pulls/${number}`, { state: 'closed' });
  }
  // The bot's own, opened again, is merged without a hand.
  await forge.as(operator).in(repository).patch(`/pulls/${own}`, { state: 'open' });
  await place.settled();
  expect(isMerged(place, own)).toBe(true);
}, 180_000);

test('a commit with the bot’s name and address on the bot’s own branch is somebody else’s', async () => {
  const { place, own } = await autoPlace();
  const { forge, repository, stranger, app } = place;
  // An empty commit: only its author tells it from the bot's.
  await forge.push(repository, { author: app.bot, branch: AUTO, message: 'again\n' }, forge.as(stranger));
  const check = await place.check(own);
  expect([check.conclusion, codesOf(check).includes('LANE_NOT_BOT')]).toEqual(['action_required', true]);
  await place.judge.reconcile();
  await place.settled();
  expect(isMerged(place, own)).toBe(false);
}, 180_000);

test('verdicts forged by a writer vouch for nothing', async () => {
  const { place, clone, own } = await autoPlace({});
  const { forge, repository, stranger } = place;
  const base = clone.git('rev-parse', 'origin/main');
  const record = JSON.stringify({
    schema_version: 1,
    merge: base,
    head: base,
    base,
    class: 'evidence',
    conclusion: 'success',
    pull_request: 1,
    approvals: [{ id: place.operator.id, login: 'olivia' }],
  });
  const client = forge.as(stranger).in(repository);
  const tree = await client.post('/git/trees', {
    tree: [{ path: base, mode: '100644', type: 'blob', content: record }],
  });
  const commit = await client.post('/git/commits', {
    message: `Verdict of ${base}\n`,
    tree: tree.body.sha,
    parents: [],
  });
  const written = await client.post('/git/refs', { ref: 'refs/notes/peak', sha: commit.body.sha });
  expect(written.status).toBe(201);
  await place.judge.reconcile();
  const check = await place.check(own);
  expect([check.conclusion, codesOf(check).includes('LANE_EVIDENCE_UNTRUSTED')]).toEqual([
    'action_required',
    true,
  ]);
  expect(isMerged(place, own)).toBe(false);
}, 180_000);

test('an App that proposes and judges at once has no auto lane', async () => {
  const place = await judgePlace({ change: openLane, isAcknowledged: true });
  const { judgeApp } = place;
  await place.judge.stop();
  await place.startInstance({ publisher: judgeApp.slug });
  const clone = await place.clone();
  const variables = { APP_ID: String(judgeApp.id), PRIVATE_KEY: judgeApp.privateKey };
  const { branches } = await clone.published({ variables });
  const own = branches.find(({ branch }) => branch === AUTO)?.pull?.number ?? 0;
  const check = await place.check(own);
  expect([check.conclusion, codesOf(check).includes('LANE_NOT_BOT')]).toEqual(['action_required', true]);
  expect(isMerged(place, own)).toBe(false);
}, 180_000);

test('what an operator has closed is not merged because somebody who may write opens it again', async () => {
  const { place, own } = await autoPlace();
  const { forge, repository, stranger, operator } = place;
  const set = (who: Account, state: 'open' | 'closed') =>
    forge.as(who).in(repository).patch(`/pulls/${own}`, { state });
  forge.webhooks.fate = () => 'drop';
  await set(operator, 'closed');
  forge.webhooks.fate = () => 'send';
  await set(stranger, 'open');
  await place.settled();
  expect(isMerged(place, own)).toBe(false);
  expect(await place.check(own)).toMatchObject({ conclusion: 'action_required' });
  // An operator's word ends it; GitHub tells times to the second.
  place.wait(2_000);
  await place.comment(own, operator, '/peak release');
  await place.settled();
  expect(isMerged(place, own)).toBe(true);
}, 120_000);
