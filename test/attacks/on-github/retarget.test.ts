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
