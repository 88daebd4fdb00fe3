/** GitHub's own auto-merge acts on a green check at once: what is known to be wrong must not be green for a moment (ADR 0018). */
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../support/cli/governed-folder.ts';
import type { JudgePlace } from '../../support/judge/judge-place.ts';
import { listen, startJudge } from '../../support/judge/local-judge.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';

/** What is asked before a success: everything at the start, and once more right before it is written. */
const RE_READ = { method: 'POST', path: /\/graphql$/, after: 1 } as const;

/** Every state that the judge has given a commit, oldest first. */
function statesOn({ repository, judgeApp }: JudgePlace, sha: string): readonly string[] {
  return repository.checkRuns
    .filter((run) => run.sha === sha && run.suite.app.id === judgeApp.id)
    .map(({ status, conclusion }) => conclusion ?? status);
}

/** A promotion that lacks nothing but the approval that comes next, and what has been said of it. */
async function almostGreen() {
  const { place, number } = await proposedPlace();
  await place.tick(number, place.operator);
  await place.settled();
  const { sha } = (await place.pull(number)).head;
  return { place, number, sha, said: statesOn(place, sha).length };
}

/** Does something right before everything is read once more, and tells nobody; answers what the judge said then. */
async function saidAfter(
  { place, number, sha, said }: Awaited<ReturnType<typeof almostGreen>>,
  happens: () => Promise<unknown>,
): Promise<readonly string[]> {
  const { forge } = place;
  let times = 0;
  await place.settled();
  forge.webhooks.fate = () => 'hold';
  await place.review(number, place.operator);
  forge.faults.plan({
    ...RE_READ,
    effect: {
      first: async () => {
        times += 1;
        forge.webhooks.fate = () => 'drop';
        await happens();
      },
    },
  });
  forge.webhooks.fate = () => 'send';
  await forge.webhooks.release((held) => held.slice(-1));
  await place.settled();
  expect(times).toBe(1);
  return statesOn(place, sha).slice(said);
}

test('nothing happens meanwhile: one answer, and it is green', async () => {
  const almost = await almostGreen();
  expect(await saidAfter(almost, async () => undefined)).toEqual(['success']);
}, 120_000);

test('an approval that is dismissed while it is judged never makes it green', async () => {
  const almost = await almostGreen();
  const { place, number } = almost;
  const client = place.forge.as(place.operator).in(place.repository);
  const said = await saidAfter(almost, async () => {
    const [review] = (await client.get(`/pulls/${number}/reviews`)).body;
    const path = `/pulls/${number}/reviews/${review.id}/dismissals`;
    expect((await client.put(path, { message: 'no' })).status).toBe(200);
  });
  expect(said).toEqual(['action_required']);
}, 120_000);

test('a hold that comes while it is judged never lets it get green', async () => {
  const almost = await almostGreen();
  const { place, number } = almost;
  expect(await saidAfter(almost, () => place.comment(number, place.operator, '/peak hold'))).toEqual([
    'action_required',
  ]);
}, 120_000);

test('boxes that are emptied while it is judged never let it get green', async () => {
  const almost = await almostGreen();
  const { place, number } = almost;
  const said = await saidAfter(almost, async () => {
    const body = ((await place.pull(number)).body ?? '').replaceAll('- [x]', '- [ ]');
    await place.forge.as(place.stranger).in(place.repository).patch(`/pulls/${number}`, { body });
  });
  expect(said).toEqual(['action_required']);
}, 120_000);

test('a head that moves while it is judged is not green on its old commit', async () => {
  const almost = await almostGreen();
  const { place } = almost;
  const { forge, repository, stranger } = place;
  const said = await saidAfter(almost, async () => {
    const files = { [AUTO_TOML]: '[auto_applied]\n"portfolio.leverage" = 2.9\n' };
    const pushed = await forge.push(repository, { author: stranger, branch: 'peak/promotion/manual', files });
    expect(pushed.ok).toBe(true);
  });
  expect(said).toEqual([]);
}, 120_000);

test('a base that moves while it is judged is judged anew', async () => {
  const almost = await almostGreen();
  const { place } = almost;
  const { forge, repository, operator } = place;
  const clone = await place.clone();
  const policy = clone.read('config/promotion.toml').replace('mode = "manual_only"', 'mode = "disabled"');
  const said = await saidAfter(almost, async () => {
    const rules = repository.rulesets.splice(0);
    const files = { 'config/promotion.toml': policy };
    expect((await forge.push(repository, { author: operator, branch: 'main', files })).ok).toBe(true);
    repository.rulesets.push(...rules);
  });
  expect(said).toEqual(['failure']);
}, 120_000);

test('a pull request that is closed while it is judged gets no green check', async () => {
  const almost = await almostGreen();
  const { place, number } = almost;
  const said = await saidAfter(almost, () =>
    place.forge.as(place.stranger).in(place.repository).patch(`/pulls/${number}`, { state: 'closed' }),
  );
  expect(said).toEqual([]);
}, 120_000);

test('words below a change of nothing governed do not keep it from being green', async () => {
  const { place } = await almostGreen();
  const { forge, repository, operator, stranger } = place;
  const number = await place.open(stranger, 'words', { 'NOTES.md': 'words\n' });
  await place.settled();
  const { sha } = (await place.pull(number)).head;
  const said = statesOn(place, sha).length;
  // Whenever it is read, there is one more of them.
  const first = () => place.comment(number, stranger, 'and another thing');
  forge.faults.plan({ method: 'POST', path: /\/graphql$/, times: 99, effect: { first } });
  const run = (await place.checkOn(sha))?.id ?? 0;
  const client = forge.as(operator).in(repository);
  expect((await client.post(`/check-runs/${run}/rerequest`)).status).toBe(201);
  forge.webhooks.fate = () => 'drop';
  await place.settled();
  expect(statesOn(place, sha).slice(said)).toEqual(['success']);
}, 120_000);

test('the slow success of one instance never covers the fresh failure of another, not for a moment', async () => {
  const almost = await almostGreen();
  const { place, number, sha } = almost;
  const { forge, repository, operator, judgeApp } = place;
  const web = await listen(onTestFinished);
  const settings = { publisher: place.app.slug, folder: temporaryFolder() };
  const other = await startJudge(place, { judgeApp, web, settings });
  onTestFinished(() => other.stop());
  await other.idle();
  const said = await saidAfter({ ...almost, said: statesOn(place, sha).length }, async () => {
    await place.review(number, operator, 'REQUEST_CHANGES');
    place.wait(1_000);
    await other.reconcile();
    await other.idle();
    // The objection is gone again, so that nothing else than the later word keeps the success from being said.
    const reviews = repository.pulls.get(number)?.reviews ?? [];
    reviews.splice(-1);
  });
  expect(said).toEqual(['action_required']);
  const client = forge.as(operator).in(repository);
  expect((await client.put(`/pulls/${number}/merge`, {})).status).toBe(405);
}, 120_000);
