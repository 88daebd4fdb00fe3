/** Green that was earned elsewhere, earlier, by somebody else, or for something else. */
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/cli/governed-folder.ts';
import type { Account } from '../../support/forge/index.ts';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';
import { listen, startJudge } from '../../support/judge/local-judge.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

const GREEN = { name: 'peak/governance', status: 'completed', conclusion: 'success' } as const;

/** A promotion that nothing stands against any more. */
async function greenPlace() {
  const proposed = await proposedPlace();
  await proposed.place.tick(proposed.number, proposed.place.operator);
  await proposed.place.review(proposed.number, proposed.place.operator);
  expect(await proposed.place.check(proposed.number)).toMatchObject({ conclusion: 'success' });
  return proposed;
}

async function open(place: JudgePlace, who: Account, draft: { head: string; base: string }): Promise<number> {
  const { status, body } = await place.forge
    .as(who)
    .in(place.repository)
    .post('/pulls', { title: draft.head, ...draft });
  expect(status).toBe(201);
  return body.number;
}

/** Every state that the judge has given a commit, oldest first. */
async function statesOf({ forge, repository, operator, judgeApp }: JudgePlace, sha: string) {
  const path = `/commits/${sha}/check-runs?filter=all&app_id=${judgeApp.id}`;
  const { body } = await forge.as(operator).in(repository).get(path);
  return (body.check_runs as { status: string; conclusion: string | null }[])
    .map(({ status, conclusion }) => conclusion ?? status)
    .toReversed();
}

test('a check of the same name by another App, and a status of the same name, open nothing', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator, stranger } = place;
  const { sha } = (await place.pull(number)).head;
  const ci = await forge.createApp({ slug: 'ci', permissions: { checks: 'write', statuses: 'write' } });
  const token = forge.installationTokenOf(forge.install(ci, repository.owner, [repository]));
  const posted = await forge
    .as(token)
    .in(repository)
    .post('/check-runs', { ...GREEN, head_sha: sha });
  expect(posted.status).toBe(201);
  for (const who of [token, stranger]) {
    const status = { state: 'success', context: GREEN.name };
    expect((await forge.as(who).in(repository).post(`/statuses/${sha}`, status)).status).toBe(201);
  }
  expect(await place.merge(number, stranger)).toBe(405);
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  // A person cannot write a check at all.
  const byHand = await forge
    .as(operator)
    .in(repository)
    .post('/check-runs', { ...GREEN, head_sha: sha });
  expect(byHand.status).toBe(403);
  await place.judge.reconcile();
  expect(await place.merge(number, stranger)).toBe(405);
}, 120_000);

test('nothing is green against a branch that is not governed, and a change of base starts anew', async () => {
  const place = await judgePlace();
  const { forge, repository, stranger } = place;
  await forge.push(repository, { author: stranger, branch: 'harmless', files: { 'notes.txt': 'n\n' } });
  const evil = { 'config/live_overrides/auto.toml': '[auto_applied]\n"portfolio.leverage" = 2.5\n' };
  const { commit } = await forge.push(repository, {
    author: stranger,
    branch: 'evil',
    from: 'main',
    files: evil,
  });
  const number = await open(place, stranger, { head: 'evil', base: 'harmless' });
  await place.settled();
  expect(await place.checkOn(commit)).toBeNull();
  const retarget = (base: string) => forge.as(stranger).in(repository).patch(`/pulls/${number}`, { base });
  for (let i = 0; i < 2; i += 1) {
    expect((await retarget('main')).status).toBe(200);
    expect(await place.check(number)).toMatchObject({ conclusion: 'failure' });
    expect(await place.merge(number, stranger)).toBe(405);
    expect((await retarget('harmless')).status).toBe(200);
    await place.settled();
    expect(await place.checkOn(commit)).toMatchObject({ conclusion: 'failure' });
  }
  // The same commit pushed onto the base past any pull request.
  const direct = await forge.push(repository, { author: stranger, branch: 'main', files: evil });
  expect(direct.ok).toBe(false);
}, 120_000);

test('after a change of base the old answer is taken back before the new one is known', async () => {
  const { place, number } = await greenPlace();
  const { forge, repository, stranger } = place;
  const { sha } = (await place.pull(number)).head;
  await forge.push(repository, { author: stranger, branch: 'harmless', files: { 'notes.txt': 'n\n' } });
  const retarget = (base: string) => forge.as(stranger).in(repository).patch(`/pulls/${number}`, { base });
  await retarget('harmless');
  await place.settled();
  const before = (await statesOf(place, sha)).length;
  const writes: string[] = [];
  forge.faults.plan({
    method: 'PATCH',
    path: /\/check-runs\/\d+$/,
    effect: { first: async () => void writes.push((await place.checkOn(sha))?.status ?? 'none') },
  });
  await retarget('main');
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  expect(writes).toEqual(['in_progress']);
  expect((await statesOf(place, sha)).length).toBe(before + 1);
}, 120_000);

test('one commit in two pull requests gets the worse of both answers', async () => {
  const { place, number } = await greenPlace();
  const { forge, repository, operator, stranger } = place;
  const { sha } = (await place.pull(number)).head;
  const ref = { ref: 'refs/heads/copy', sha };
  expect((await forge.as(stranger).in(repository).post('/git/refs', ref)).status).toBe(201);
  const copy = await open(place, stranger, { head: 'copy', base: 'main' });
  // Nobody has approved the copy.
  expect(await place.check(copy)).toMatchObject({ conclusion: 'action_required' });
  expect(await place.merge(copy, stranger)).toBe(405);
  await place.comment(number, operator, '/peak recheck');
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  await forge.as(stranger).in(repository).patch(`/pulls/${copy}`, { state: 'closed' });
  await place.judge.reconcile();
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
}, 120_000);

test('when the base moves after a green answer, GitHub blocks at once, and the answer follows', async () => {
  const { place, number } = await greenPlace();
  const { forge, repository, operator, clone } = { ...place, clone: await place.clone() };
  const policy = clone.read('config/promotion.toml').replace('mode = "manual_only"', 'mode = "disabled"');
  const rules = repository.rulesets.splice(0);
  forge.webhooks.fate = () => 'hold';
  await forge.push(repository, {
    author: operator,
    branch: 'main',
    files: { 'config/promotion.toml': policy },
  });
  repository.rulesets.push(...rules);
  // The judge has not heard of it yet.
  const client = forge.as(operator).in(repository);
  expect((await client.put(`/pulls/${number}/merge`, {})).status).toBe(405);
  forge.webhooks.fate = () => 'send';
  await forge.webhooks.release();
  expect(await place.check(number)).toMatchObject({ conclusion: 'failure' });
}, 120_000);

test('a verdict whose time is over is reached anew', async () => {
  const { place, number } = await greenPlace();
  const first = await place.check(number);
  // Older than any evidence may be.
  place.wait(40 * 86_400_000);
  await place.judge.reconcile();
  const second = await place.check(number);
  expect(second.conclusion).not.toBe('success');
  expect(second.external_id > first.external_id).toBe(true);
  expect(await place.merge(number, place.operator)).toBe(405);
}, 120_000);

test('what another instance says at the very moment of a success stands again after the next look', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator, judgeApp } = place;
  await place.tick(number, operator);
  await place.settled();
  const web = await listen(onTestFinished);
  const other = await startJudge(place, {
    judgeApp,
    web,
    settings: { publisher: place.app.slug, folder: temporaryFolder() },
  });
  onTestFinished(() => other.stop());
  await other.idle();
  place.wait(1_000);
  // Nobody hears of what happens meanwhile, not even of the review: only the second instance, which looks at everything.
  let raced = 0;
  forge.faults.plan({
    method: 'POST',
    path: /\/check-runs$/,
    effect: {
      first: async () => {
        raced += 1;
        forge.webhooks.fate = () => 'drop';
        await place.review(number, operator, 'REQUEST_CHANGES');
        place.wait(1_000);
        await other.reconcile();
        await other.idle();
      },
    },
  });
  await place.review(number, operator);
  await place.settled();
  expect(raced).toBe(1);
  await place.judge.reconcile();
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  const client = forge.as(operator).in(repository);
  expect((await client.put(`/pulls/${number}/merge`, {})).status).toBe(405);
}, 120_000);
