/** Whose consent counts, asked past the App: each attempt on a real pull request, with its honest counterpart beside it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cleanEnvironment } from '../../support/cli/run-peak.ts';
import type { Account } from '../../support/forge/index.ts';
import type { Clone } from '../../support/github/github-place.ts';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

const run = promisify(execFile);

/** What GitHub told of people is believed for five minutes (judge.md §2). */
const BELIEVED_MS = 6 * 60_000;

async function conclusionOf(place: JudgePlace, number: number): Promise<string | null> {
  return (await place.check(number)).conclusion;
}

/** Nobody sends an event when a role or a name changes: the next look at everything finds it. */
async function lookAgain(place: JudgePlace, number: number): Promise<string | null> {
  place.wait(BELIEVED_MS);
  await place.judge.reconcile();
  return conclusionOf(place, number);
}

test('only an operator’s standing approval of this very change counts', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator, stranger } = place;
  const client = (who: Account | string) => forge.as(who).in(repository);

  // Nobody's consent yet; boxes ticked by somebody who may write do not replace it.
  await place.tick(number, stranger);
  expect(await conclusionOf(place, number)).toBe('action_required');

  // A writer who is no operator.
  await place.review(number, stranger);
  expect(await conclusionOf(place, number)).toBe('action_required');

  // A bot with an operator's name.
  const helper = await forge.createApp({ slug: 'olivia', permissions: { pull_requests: 'write' } });
  const token = forge.installationTokenOf(forge.install(helper, repository.owner, [repository]));
  await client(token).post(`/pulls/${number}/reviews`, { event: 'APPROVE' });
  expect(await conclusionOf(place, number)).toBe('action_required');

  // The publisher cannot approve its own.
  const own = forge.installationTokenOf(forge.install(place.app, repository.owner, [repository]));
  expect((await client(own).post(`/pulls/${number}/reviews`, { event: 'APPROVE' })).status).toBe(422);

  // An operator, who thinks better of it.
  await place.review(number, operator);
  expect(await conclusionOf(place, number)).toBe('success');
  await place.review(number, operator, 'REQUEST_CHANGES');
  expect(await conclusionOf(place, number)).toBe('action_required');
  expect(await place.merge(number, stranger)).toBe(405);
  // Another operator's approval does not answer the objection.
  await place.review(number, place.second);
  expect(await conclusionOf(place, number)).toBe('action_required');
  await place.review(number, operator);
  expect(await conclusionOf(place, number)).toBe('success');

  // Both dismissed.
  for (const { id } of (await client(operator).get(`/pulls/${number}/reviews`)).body.filter(
    ({ state, user }: { state: string; user: { type: string } }) =>
      state === 'APPROVED' && user.type === 'User',
  ))
    await client(operator).put(`/pulls/${number}/reviews/${id}/dismissals`, { message: 'no' });
  expect(await conclusionOf(place, number)).toBe('action_required');
  expect(await place.merge(number, stranger)).toBe(405);
}, 120_000);

test('access and names are those of now', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, operator } = place;
  await place.tick(number, operator);
  await place.review(number, operator);
  expect(await conclusionOf(place, number)).toBe('success');

  // An operator's access is taken away, and given back.
  forge.setRole(repository, operator, 'read');
  expect(await lookAgain(place, number)).toBe('action_required');
  expect(await place.merge(number, place.second)).toBe(405);
  forge.setRole(repository, operator, 'write');
  expect(await lookAgain(place, number)).toBe('success');

  // An operator changes their name, and somebody else takes the old one: nobody approved under the policy's name.
  operator.login = 'olivia-renamed';
  const impostor = forge.createUser('olivia');
  forge.setRole(repository, impostor, 'write');
  expect(await lookAgain(place, number)).toBe('action_required');
  expect(await place.merge(number, place.second)).toBe(405);
  await place.review(number, place.second);
  expect(await conclusionOf(place, number)).toBe('success');
}, 120_000);

test('a pending member of a team is no operator', async () => {
  const { place, number } = await proposedPlace({
    change: (folder) =>
      folder.edit('config/promotion.toml', 'operators = ["olivia", "otto"]', 'operators = ["@acme/desk"]'),
  });
  const { forge, repository, operator } = place;
  forge.addMember(repository.owner, operator);
  const team = forge.createTeam(repository.owner, 'desk', [operator]);
  (team.members as Map<number, string>).set(operator.id, 'pending');
  await place.tick(number, operator);
  await place.review(number, operator);
  expect(await conclusionOf(place, number)).toBe('action_required');
  (team.members as Map<number, string>).set(operator.id, 'active');
  expect(await lookAgain(place, number)).toBe('success');
}, 120_000);

/** Pushes one commit with these names in it, and opens it as a stranger's pull request. */
async function opened(
  place: JudgePlace,
  clone: Clone,
  { branch, author, committer }: { branch: string; author: Account; committer: Account },
): Promise<number> {
  clone.git('checkout', '--quiet', '--force', '-B', branch, 'origin/main');
  clone.edit('config/config.toml', /^leverage = .*$/m, `leverage = 1.${branch.length}`);
  const identity = ['-c', `user.name=${committer.login}`, '-c', `user.email=${committer.email}`];
  const signed = `${author.login} <${author.email}>`;
  clone.git(...identity, 'commit', '--quiet', '--all', '--message', branch, '--author', signed);
  const url = place.forge.as(place.stranger).gitUrl(place.repository);
  const env = cleanEnvironment() as NodeJS.ProcessEnv;
  await run('git', ['push', '--quiet', url, `${branch}:${branch}`], { cwd: clone.root, env });
  const client = place.forge.as(place.stranger).in(place.repository);
  return (await client.post('/pulls', { title: branch, head: branch, base: 'main' })).body.number;
}

test('whoever wrote a commit, or only committed it under another name, cannot approve it', async () => {
  const place = await judgePlace();
  const { operator, second, stranger } = place;
  const clone = await place.clone();
  const attempts = {
    author: await opened(place, clone, { branch: 'by-operator', author: operator, committer: stranger }),
    committer: await opened(place, clone, { branch: 'by-committer', author: stranger, committer: operator }),
    honest: await opened(place, clone, { branch: 'by-nobody-here', author: stranger, committer: stranger }),
  };
  for (const number of Object.values(attempts))
    for (const reviewer of [operator, second]) await place.review(number, reviewer);
  // Nobody has signed these commits, so one more approval is asked for than the one of the manual lane.
  expect(await conclusionOf(place, attempts.author)).toBe('action_required');
  expect(await conclusionOf(place, attempts.committer)).toBe('action_required');
  expect(await conclusionOf(place, attempts.honest)).toBe('success');
  expect(await place.merge(attempts.committer, stranger)).toBe(405);
}, 120_000);

/** Moves the base as somebody with every right could, while nobody is told. */
async function moveBase(place: JudgePlace, files: Readonly<Record<string, string>>): Promise<void> {
  const { forge, repository, operator } = place;
  const rules = repository.rulesets.splice(0);
  forge.webhooks.fate = () => 'drop';
  await forge.push(repository, { author: operator, branch: 'main', files });
  forge.webhooks.fate = () => 'send';
  repository.rulesets.push(...rules);
}

test('an approval reaches the same change after “Update branch”, and no other one', async () => {
  const place = await judgePlace();
  const { forge, repository, operator, second, stranger } = place;
  const clone = await place.clone();
  const number = await opened(place, clone, { branch: 'topic', author: stranger, committer: stranger });
  for (const reviewer of [operator, second]) await place.review(number, reviewer);
  expect(await conclusionOf(place, number)).toBe('success');

  // GitHub blocks at once when the base moves; the button keeps what was approved.
  await moveBase(place, { 'README.md': 'other\n' });
  expect(await place.merge(number, operator)).toBe(405);
  await forge.as(operator).in(repository).put(`/pulls/${number}/update-branch`, {});
  expect(await conclusionOf(place, number)).toBe('success');

  // A writer pushes on top of what was approved.
  const { ref } = (await place.pull(number)).head;
  const files = {
    'config/config.toml': clone.read('config/config.toml').replace(/^leverage = .*$/m, 'leverage = 2.9'),
  };
  await forge.push(repository, { author: stranger, branch: ref, files });
  expect(await conclusionOf(place, number)).toBe('action_required');
  expect(await place.merge(number, stranger)).toBe(405);
}, 120_000);
