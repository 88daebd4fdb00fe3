/** The commits that GitHub lists are those beyond the base of that moment: whoever may edit a pull request chooses it. */
import { expect, test } from 'vitest';
import { withoutResearch } from '../../support/github/evidence.ts';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';

const AUTO = 'peak/promotion/auto';

/** Has a pull request judged, points it at another branch just before the judge asks for its commits, and back afterwards. */
async function judgedWhileRetargeted(place: JudgePlace, number: number, base: string): Promise<void> {
  const { forge, repository, operator, stranger } = place;
  const retarget = async (to: string) => {
    const { status } = await forge.as(stranger).in(repository).patch(`/pulls/${number}`, { base: to });
    expect(status).toBe(200);
  };
  let times = 0;
  const first = async () => {
    times += 1;
    await retarget(base);
  };
  forge.faults.plan({ method: 'GET', path: new RegExp(`/pulls/${number}/commits`), effect: { first } });
  await place.comment(number, operator, '/peak recheck');
  await place.settled();
  expect(times).toBe(1);
  await retarget('main');
  await place.settled();
}

test('an operator’s commit below the base of a moment is still an operator’s commit', async () => {
  const place = await judgePlace();
  const { forge, repository, operator, second, stranger } = place;
  const clone = await place.clone();
  const config = (leverage: string) => ({
    'config/config.toml': clone
      .read('config/config.toml')
      .replace(/^leverage = .*$/m, `leverage = ${leverage}`),
  });
  forge.webhooks.fate = () => 'drop';
  await forge.push(repository, { author: operator, branch: 'below', from: 'main', files: config('1.5') });
  await forge.push(repository, { author: stranger, branch: 'topic', from: 'below', files: config('1.6') });
  const opened = await forge
    .as(stranger)
    .in(repository)
    .post('/pulls', { title: 't', head: 'topic', base: 'main' });
  const number: number = opened.body.number;
  for (const reviewer of [operator, second]) await place.review(number, reviewer);
  forge.webhooks.fate = () => 'send';
  await judgedWhileRetargeted(place, number, 'below');
  expect((await place.check(number)).conclusion).toBe('action_required');
  expect(await place.merge(number, stranger)).toBe(405);
}, 120_000);

/** What the publisher proposes in both lanes, unseen by the judge. */
async function proposedInBothLanes() {
  const place = await judgePlace({
    isAcknowledged: true,
    change: (folder) => folder.setMode('bounded_auto'),
  });
  const clone = await place.clone();
  place.forge.webhooks.fate = () => 'drop';
  const { branches } = await clone.published();
  const numberOf = (name: string) => branches.find(({ branch }) => branch === name)?.pull?.number ?? 0;
  return { place, auto: numberOf(AUTO), manual: numberOf('peak/promotion/manual') };
}

test('a squash of a pull request of the bot’s is not the bot’s commit', async () => {
  const { place, auto, manual } = await proposedInBothLanes();
  const { forge, repository, stranger } = place;
  expect([auto, manual]).not.toContain(0);
  const client = forge.as(stranger).in(repository);
  // The manual lane's branch becomes what the auto lane's is, and one stranger's commit more.
  const { sha } = (await place.pull(auto)).head;
  await client.patch('/git/refs/heads/peak/promotion/manual', { sha, force: true });
  // What it says does not matter: what is derived from it would be derived again.
  for (const text of ['mine\n', null])
    await forge.push(repository, {
      author: stranger,
      branch: 'peak/promotion/manual',
      files: { 'NOTES.md': text },
    });
  await client.post('/git/refs', { ref: 'refs/heads/aside', sha });
  expect((await client.patch(`/pulls/${manual}`, { base: 'aside' })).status).toBe(200);
  const squashed = await client.put(`/pulls/${manual}/merge`, { merge_method: 'squash' });
  expect(squashed.status).toBe(200);
  const moved = await client.patch(`/git/refs/heads/${AUTO}`, { sha: squashed.body.sha });
  expect(moved.status).toBe(200);
  forge.webhooks.fate = () => 'send';
  await place.judge.reconcile();
  await place.settled();
  expect(repository.pulls.get(auto)?.mergeCommit ?? null).toBeNull();
  const check = await place.check(auto);
  expect(check.conclusion).toBe('action_required');
  expect(`${check.output.summary}${check.output.text}`).toContain('LANE_NOT_BOT');
}, 120_000);

test('a stranger’s commit below the base of a moment does not become the bot’s', async () => {
  const place = await judgePlace({
    isAcknowledged: true,
    change: (folder) => {
      withoutResearch(folder);
      folder.setMode('bounded_auto');
    },
  });
  const { forge, repository, operator, stranger } = place;
  const clone = await place.clone();
  forge.webhooks.fate = () => 'drop';
  const { branches } = await clone.published();
  const number = branches.find(({ branch }) => branch === AUTO)?.pull?.number ?? 0;
  const client = forge.as(stranger).in(repository);
  await forge.push(repository, { author: stranger, branch: AUTO, message: 'mine\n' });
  const mine = (await place.pull(number)).head.sha;
  const rules = repository.rulesets.splice(0);
  await forge.push(repository, { author: operator, branch: 'main', files: { 'README.md': 'other\n' } });
  repository.rulesets.push(...rules);
  expect((await client.put(`/pulls/${number}/update-branch`, {})).status).toBe(202);
  const { sha } = (await place.pull(number)).head;
  const main = repository.refs.get('refs/heads/main') ?? '';
  const tree = (await client.get(`/git/commits/${sha}`)).body.tree.sha;
  const same = await client.post('/git/commits', { message: 'same', tree, parents: [mine, main] });
  await client.post('/git/refs', { ref: 'refs/heads/below', sha: same.body.sha });
  forge.webhooks.fate = () => 'send';
  await judgedWhileRetargeted(place, number, 'below');
  await place.judge.reconcile();
  await place.settled();
  expect(repository.pulls.get(number)?.mergeCommit ?? null).toBeNull();
  expect((await place.check(number)).conclusion).toBe('action_required');
}, 120_000);
