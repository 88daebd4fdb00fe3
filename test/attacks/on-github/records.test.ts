/** What the judge writes down about a merge is what held when it was made, and not what people say afterwards. */
import { expect, test } from 'vitest';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

test('approvals given after a merge past the judge do not make it a judged one', async () => {
  const place = await judgePlace();
  const { forge, repository, operator, second, stranger } = place;
  const clone = await place.clone();
  const files = {
    'config/config.toml': clone.read('config/config.toml').replace(/^leverage = .*$/m, 'leverage = 2.5'),
  };
  const number = await place.open(stranger, 'topic', files);
  expect((await place.check(number)).conclusion).toBe('action_required');
  const rules = repository.rulesets.splice(0);
  forge.webhooks.fate = () => 'drop';
  const client = forge.as(operator).in(repository);
  expect((await client.put(`/pulls/${number}/merge`, {})).status).toBe(200);
  repository.rulesets.push(...rules);
  place.wait(60_000);
  for (const who of [operator, second]) await place.review(number, who);
  forge.webhooks.fate = () => 'send';
  await place.judge.reconcile();
  await place.settled();
  expect(await recordOf(place)).toMatchObject({ conclusion: 'action_required', approvals: [] });
}, 120_000);

test('an operator who merges by hand has not closed it, for an instance that did not see it green', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator } = place;
  await place.tick(number, operator);
  await place.review(number, operator);
  expect((await place.check(number)).conclusion).toBe('success');
  await place.judge.stop();
  place.wait(2_000);
  const client = forge.as(operator).in(repository);
  forge.webhooks.fate = () => 'drop';
  expect((await client.put(`/pulls/${number}/merge`, {})).status).toBe(200);
  forge.webhooks.fate = () => 'send';
  const next = await place.startInstance();
  await next.reconcile();
  await place.settled();
  expect(await recordOf(place)).toMatchObject({ conclusion: 'success', approvals: [{ login: 'olivia' }] });
}, 120_000);

test('a release given after a held promotion was merged past the judge does not make it a judged one', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator, stranger } = place;
  await place.tick(number, operator);
  await place.review(number, operator);
  await place.comment(number, operator, '/peak hold');
  expect((await place.check(number)).conclusion).toBe('action_required');
  repository.rulesets.splice(0);
  forge.webhooks.fate = () => 'drop';
  place.wait(2_000);
  expect((await forge.as(stranger).in(repository).put(`/pulls/${number}/merge`, {})).status).toBe(200);
  place.wait(60_000);
  await place.comment(number, operator, '/peak release');
  forge.webhooks.fate = () => 'send';
  await place.judge.reconcile();
  await place.settled();
  expect(await recordOf(place)).toMatchObject({ conclusion: 'action_required' });
}, 120_000);

/** What the judge has written down about the tip of the default branch. */
async function recordOf({ forge, repository, operator }: JudgePlace): Promise<unknown> {
  const client = forge.as(operator).in(repository);
  const tip = repository.refs.get('refs/heads/main') ?? '';
  const notes = await client.get(`/git/trees/${repository.refs.get('refs/notes/peak')}`);
  const entry = (notes.body.tree as { path: string; sha: string }[]).find(({ path }) => path === tip);
  const blob = await client.get(`/git/blobs/${entry?.sha}`);
  return JSON.parse(Buffer.from(blob.body.content, 'base64').toString());
}

test('a push past the judge is told of, whenever its commit says it was made', async () => {
  const place = await judgePlace({ protection: 'none' });
  const { forge, repository, operator, stranger } = place;
  const client = forge.as(stranger).in(repository);
  const issues = async () =>
    (await forge.as(operator).in(repository).get('/issues?state=open')).body.map(
      ({ title }: { title: string }) => title,
    );
  place.wait(5 * 86_400_000);
  // Any change of the notes has the base audited again, and found explained.
  const note = await client.post('/git/commits', {
    message: 'n',
    tree: (await client.get(`/git/commits/${repository.refs.get('refs/heads/main')}`)).body.tree.sha,
    parents: [],
  });
  await client.post('/git/refs', { ref: 'refs/notes/peak', sha: note.body.sha });
  await place.judge.reconcile();
  await place.settled();
  const told = 'The base branch holds what nothing explains';
  expect(await issues()).not.toContain(told);

  const tip = repository.refs.get('refs/heads/main') ?? '';
  const content = '[auto_applied]\n"portfolio.leverage" = 10.0\n';
  const entry = { path: 'config/live_overrides/auto.toml', mode: '100644', type: 'blob', content };
  const tree = await client.post('/git/trees', { base_tree: tip, tree: [entry] });
  const date = new Date(place.now() - 3 * 86_400_000).toISOString();
  const person = { name: 'm', email: 'm@example.org', date };
  const commit = await client.post('/git/commits', {
    message: 'long ago',
    tree: tree.body.sha,
    parents: [tip],
    author: person,
    committer: person,
  });
  expect((await client.patch('/git/refs/heads/main', { sha: commit.body.sha })).status).toBe(200);
  await place.judge.reconcile();
  await place.settled();
  expect(await issues()).toContain(told);
}, 120_000);
