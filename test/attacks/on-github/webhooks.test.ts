/** Deliveries that nobody sent, that were sent before, that come from elsewhere, or in the wrong order. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { type JudgePlace, judgePlace } from '../../support/judge/judge-place.ts';
import { SECRET } from '../../support/judge/local-judge.ts';
import { proposedPlace } from '../../support/judge/proposed-place.ts';

type Body = Readonly<Record<string, unknown>>;

/** Posts a webhook as anybody could. */
async function deliver(place: JudgePlace, body: Body, signature: string | null): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'x-github-delivery': '11111111-1111-4111-8111-111111111111',
    'x-github-event': 'pull_request',
    ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
  };
  const url = `${place.address}/api/github/webhooks`;
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

function sign(body: Body, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex')}`;
}

/** The judge's own requests so far. */
function calls({ forge }: JudgePlace): number {
  return forge.requests.filter(({ actor }) => actor?.startsWith('peak-judge')).length;
}

test('a delivery without the right signature is refused, and nothing is asked for it', async () => {
  const { place, number } = await proposedPlace();
  const real = place.forge.webhooks.deliveries.findLast(({ action }) => action === 'opened');
  if (real === undefined) throw new Error('no webhook');
  const before = calls(place);
  expect(before).toBeGreaterThan(0);
  const truncated = sign(real.payload, SECRET).slice(0, -2);
  for (const signature of [null, '', 'sha256=', sign(real.payload, 'development'), truncated, 'sha1=00'])
    expect([400, 401]).toContain(await deliver(place, real.payload, signature));
  const changed = { ...real.payload, number: number + 1 };
  expect([400, 401]).toContain(await deliver(place, changed, sign(real.payload, SECRET)));
  await place.settled();
  expect(calls(place)).toBe(before);
  // The same one, rightly signed, is heard.
  expect(await deliver(place, real.payload, sign(real.payload, SECRET))).toBe(200);
  await place.settled();
  expect(calls(place)).toBeGreaterThan(before);
}, 120_000);

test('a repository and an installation that are not ours stay untouched', async () => {
  const { place, number } = await proposedPlace();
  const { forge, repository, stranger } = place;
  const real = forge.webhooks.deliveries.findLast(({ action }) => action === 'opened');
  if (real === undefined) throw new Error('no webhook');
  const foreign = await forge.createRepository({
    owner: stranger,
    name: 'theirs',
    files: { 'a.txt': 'a\n' },
  });
  await forge.push(foreign, { author: stranger, branch: 'topic', files: { 'a.txt': 'b\n' } });
  await forge.as(stranger).in(foreign).post('/pulls', { title: 't', head: 'topic', base: 'main' });
  const theirs = {
    ...(real.payload['repository'] as Body),
    id: foreign.id,
    name: 'theirs',
    full_name: 'stan/theirs',
    owner: { login: 'stan' },
    clone_url: `${forge.serverUrl}/stan/theirs.git`,
  };
  const bodies = [
    { ...real.payload, repository: theirs },
    { ...real.payload, installation: { id: 999_999 }, repository: theirs },
    { ...real.payload, installation: undefined },
    { ...real.payload, repository: undefined },
  ];
  for (const body of bodies) expect(await deliver(place, body, sign(body, SECRET))).toBe(200);
  await place.settled();
  expect(foreign.checkRuns).toEqual([]);
  // And the judge goes on.
  await place.tick(number, place.operator);
  await place.review(number, place.operator);
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  expect(repository.checkRuns.length).toBeGreaterThan(0);
}, 120_000);

test('deliveries doubled, reordered and replayed end in the same answer, and the old head stays red', async () => {
  const place = await judgePlace();
  const { forge, repository, operator, stranger } = place;
  forge.webhooks.fate = () => 'hold';
  const clone = await place.clone();
  await clone.published();
  const [pull] = await place.pulls();
  if (pull === undefined) throw new Error('nothing was proposed');
  const { number } = pull;
  await place.tick(number, operator);
  await place.review(number, operator);
  const honest = pull.head.sha;
  const auto = { 'config/live_overrides/auto.toml': '[auto_applied]\n"portfolio.leverage" = 2.5\n' };
  await forge.push(repository, { author: stranger, branch: pull.head.ref, files: auto });
  // `synchronize` and the approval arrive before `opened`.
  await forge.webhooks.release((held) => held.toReversed());
  forge.webhooks.fate = () => 'double';
  expect(await place.check(number)).toMatchObject({ conclusion: 'failure' });
  expect((await place.checkOn(honest))?.conclusion ?? 'none').not.toBe('success');
  for (const { guid, event } of [...forge.webhooks.deliveries])
    if (event.startsWith('pull_request')) await forge.webhooks.redeliver(guid);
  expect(await place.check(number)).toMatchObject({ conclusion: 'failure' });
  expect((await place.checkOn(honest))?.conclusion ?? 'none').not.toBe('success');
  expect(await place.merge(number, stranger)).toBe(405);
  expect(repository.comments.filter(({ author }) => author.login === 'peak-judge[bot]')).toEqual([]);
}, 120_000);
