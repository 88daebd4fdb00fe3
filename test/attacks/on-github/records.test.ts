/** What the judge writes down about a merge is what held when it was made, and not what people say afterwards. */
import { expect, test } from 'vitest';
import { judgePlace } from '../../support/judge/judge-place.ts';

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
  const tip = repository.refs.get('refs/heads/main') ?? '';
  const notes = await client.get(`/git/trees/${repository.refs.get('refs/notes/peak')}`);
  const entry = (notes.body.tree as { path: string; sha: string }[]).find(({ path }) => path === tip);
  const blob = await client.get(`/git/blobs/${entry?.sha}`);
  const record = JSON.parse(Buffer.from(blob.body.content, 'base64').toString());
  expect(record).toMatchObject({ conclusion: 'action_required', approvals: [] });
}, 120_000);
