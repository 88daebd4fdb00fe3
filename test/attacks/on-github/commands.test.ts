/** Commands that are none: by strangers, quoted, fenced, edited in, replayed. Each is written on a pull request that a hold would stop. */
import { expect, test } from 'vitest';
import type { Account } from '../../support/forge/index.ts';
import type { JudgePlace } from '../../support/judge/judge-place.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
}

async function ownComments({ forge, repository, operator }: JudgePlace, number: number) {
  const { body } = await forge.as(operator).in(repository).get(`/issues/${number}/comments`);
  return (body as Comment[]).filter(({ user }) => user.login === 'peak-judge[bot]');
}

/** What somebody's edit makes of a comment. */
async function edit(place: JudgePlace, who: Account, id: number): Promise<void> {
  const client = place.forge.as(who).in(place.repository);
  // GitHub shows the time of an edit to the second.
  place.wait(2_000);
  await client.patch(`/issues/comments/${id}`, { body: '/peak hold' });
}

test('only an operator’s new comment is a command, and only once', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator, stranger } = place;
  await place.tick(number, operator);
  await place.review(number, operator);
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  const dispatches = () => forge.requests.filter(({ path }) => path.endsWith('/dispatches')).length;

  // A stranger who may write; an operator who quotes, fences, or talks about it.
  for (const command of ['hold', 'disable', 'rollback', 'decline portfolio.leverage no', 'explain'])
    await place.comment(number, stranger, `/peak ${command}`);
  for (const body of [
    '> /peak hold',
    '```\n/peak hold\n```',
    'we should\n/peak hold',
    '<!-- x --> /peak hold',
  ])
    await place.comment(number, operator, body);
  // Edited into a command: by its author, and by somebody else in an operator's name and the other way round.
  const own = await place.comment(number, operator, 'a word');
  await edit(place, operator, own);
  await edit(place, stranger, await place.comment(number, operator, 'another word'));
  await edit(place, operator, await place.comment(number, stranger, 'a stranger’s word'));
  // A bot with an operator's name.
  const bot = await forge.createApp({
    slug: 'olivia',
    permissions: { issues: 'write', pull_requests: 'write' },
  });
  const token = forge.installationTokenOf(forge.install(bot, repository.owner, [repository]));
  await forge.as(token).in(repository).post(`/issues/${number}/comments`, { body: '/peak hold' });
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  expect(await ownComments(place, number)).toEqual([]);
  expect(dispatches()).toBe(0);

  // What the judge says itself is no word about a hold.
  for (let i = 0; i < 2; i += 1) await place.comment(number, operator, '/peak explain');
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });

  // A button pressed by somebody who is no operator.
  const check = await place.check(number);
  forge.pressAction(repository, { checkRun: check.id, identifier: 'hold', actor: stranger });
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });

  // The real one, delivered again and again.
  const explained = (await ownComments(place, number)).length;
  await place.comment(number, operator, '/peak release');
  await place.comment(number, operator, '/peak hold');
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  expect(await place.merge(number, operator)).toBe(405);
  await place.comment(number, operator, '/peak disable');
  await place.settled();
  const [before, sent] = [(await ownComments(place, number)).map(({ id }) => id), dispatches()];
  expect([before.length > explained, sent]).toEqual([true, 1]);
  for (const { guid, event } of [...forge.webhooks.deliveries])
    if (event === 'issue_comment') await forge.webhooks.redeliver(guid);
  await place.settled();
  expect((await ownComments(place, number)).map(({ id }) => id)).toEqual(before);
  expect(dispatches()).toBe(sent);
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });

  // A stranger does not release it; whoever deletes a comment that says so does not either.
  await place.comment(number, stranger, '/peak release');
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  const record = before.at(-2);
  await forge.as(stranger).in(repository).delete(`/issues/comments/${record}`);
  await place.judge.reconcile();
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  await place.comment(number, operator, '/peak release');
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });

  // A button releases what its check was about, and no later hold, when it is delivered again.
  place.wait(2000);
  await place.comment(number, operator, '/peak hold');
  const held = await place.check(number);
  forge.pressAction(repository, { checkRun: held.id, identifier: 'release', actor: operator });
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  place.wait(2000);
  await place.comment(number, operator, '/peak hold');
  for (const { guid, action } of [...forge.webhooks.deliveries])
    if (action === 'requested_action') await forge.webhooks.redeliver(guid);
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
}, 120_000);
