/** An operator's "no" to one change, from the comment through the judge and the publisher to the night when it may come back. */
import { expect, test } from 'vitest';
import { DAY_MS, formatInstant, instantFromMs } from '../../src/kernel/instant.ts';
import { parseDeclineRecord, parseState } from '../../src/review/index.ts';
import { EVIDENCE, MANUAL, patch, withoutEvidence } from '../support/github/evidence.ts';
import type { Clone } from '../support/github/github-place.ts';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';
import { dispatched, runOperatorWorkflow, said } from '../support/judge/operator-workflow.ts';

const LEVERAGE = 'portfolio.leverage';
const DELAY = 'strategy.trigger_delay';
const ASKED = `/peak decline ${LEVERAGE} too early`;

/** Leverage and delay are proposed in one pull request, agreed to and green. */
async function agreedPlace(): Promise<{ place: JudgePlace; clone: Clone }> {
  const place = await judgePlace({ change: withoutEvidence });
  const clone = await place.clone();
  clone.write(`${EVIDENCE}/leverage.json`, patch({ id: 'one' }));
  clone.write(`${EVIDENCE}/delay.json`, patch({ target: DELAY, new_value: 9, id: 'two' }));
  expect(await proposed(clone)).toEqual([LEVERAGE, DELAY]);
  await place.settled();
  await agree(place);
  return { place, clone };
}

async function agree(place: JudgePlace): Promise<void> {
  await place.tick(1, place.operator);
  await place.review(1, place.operator);
  expect(await place.check(1)).toMatchObject({ conclusion: 'success' });
}

async function proposed(clone: Clone): Promise<readonly string[]> {
  const { derivation } = await clone.published();
  return derivation.proposals.flatMap(({ changes }) => changes.map(({ target }) => target));
}

/** What the judge has written below the pull request. */
async function ownComments({ forge, repository, operator }: JudgePlace): Promise<readonly string[]> {
  const { body } = await forge.as(operator).in(repository).get('/issues/1/comments');
  const comments = body as { body: string; user: { login: string } }[];
  return comments.filter(({ user }) => user.login === 'peak-judge[bot]').map((one) => one.body);
}

async function declinedIn(place: JudgePlace, number = 1) {
  return parseState((await place.pull(number)).body ?? '')?.declined ?? [];
}

async function runWorkflow(place: JudgePlace): Promise<void> {
  const run = await runOperatorWorkflow(place, dispatched(place).at(-1) ?? {});
  expect(run.ok ? '' : said(run)).toBe('');
}

test('a decline by comment: the rest is rebuilt and merged, and the value waits for time and a newer experiment', async () => {
  const { place, clone } = await agreedPlace();
  const { forge, operator } = place;
  await place.comment(1, operator, ASKED);
  expect(await place.check(1)).toMatchObject({
    conclusion: 'action_required',
    output: { title: 'Waits for a rebuild without what was declined' },
  });
  expect((await place.check(1)).output.summary).toContain('olivia declines this value');
  expect(await place.merge(1, operator)).toBe(405);
  const payload = { command: 'decline', target: LEVERAGE, pull: '1' };
  expect(dispatched(place)).toEqual([{ ...payload, reason: 'too early (asked for by olivia in #1)' }]);
  const records = (await ownComments(place)).map(parseDeclineRecord);
  expect(records).toMatchObject([{ target: LEVERAGE, value: 1.2, by: 'olivia' }]);

  // Told again, it is the same "no".
  for (const { guid, event } of [...forge.webhooks.deliveries])
    if (event === 'issue_comment') await forge.webhooks.redeliver(guid);
  await place.settled();
  expect([dispatched(place).length, (await ownComments(place)).length]).toEqual([1, 1]);

  // The workflow as well.
  for (let run = 0; run < 2; run += 1) {
    await runWorkflow(place);
    expect(await declinedIn(place)).toMatchObject([
      { target: LEVERAGE, value: 1.2, by: 'peak-publisher[bot]' },
    ]);
    expect((await place.pull(1)).title).toBe(`Promote ${DELAY} (manual lane)`);
  }
  expect((await place.pull(1)).body).toContain('### Declined');
  await agree(place);
  expect(await place.merge(1, operator, 'squash')).toBe(200);

  // The next nights, on a fresh clone and from the body of a merged pull request alone.
  await forge.as(operator).in(place.repository).delete(`/git/refs/heads/${MANUAL}`);
  place.wait(DAY_MS);
  const fresh = await place.clone();
  expect(fresh.read('config/live_overrides/auto.toml')).toContain(DELAY);
  expect(await proposed(fresh)).toEqual([]);
  const dated = { generated_at: formatInstant(instantFromMs(place.now())) };
  fresh.write(`${EVIDENCE}/newer.json`, patch({ confidence_score: 0.91, ...dated }));
  expect(await proposed(fresh)).toEqual([]);
  place.wait(12 * DAY_MS);
  expect(await proposed(fresh)).toEqual([]);
  place.wait(DAY_MS);
  expect(await proposed(fresh)).toEqual([LEVERAGE]);
  expect(clone.root).not.toBe(fresh.root);
}, 300_000);

test('the last change declined: the pull request is closed, and the "no" outlives that', async () => {
  const place = await judgePlace({ change: withoutEvidence });
  const clone = await place.clone();
  clone.write(`${EVIDENCE}/leverage.json`, patch({ id: 'one' }));
  await clone.published();
  await place.comment(1, place.operator, ASKED);
  await place.settled();
  await runWorkflow(place);
  expect(await place.pull(1)).toMatchObject({ state: 'closed' });
  expect(await declinedIn(place)).toMatchObject([{ target: LEVERAGE, value: 1.2 }]);
  place.wait(DAY_MS);
  const fresh = await place.clone();
  fresh.write(`${EVIDENCE}/leverage.json`, patch({ id: 'one' }));
  expect(await proposed(fresh)).toEqual([]);
  // Once more, now that it is over: known, and nothing is opened again.
  await runWorkflow(place);
  expect(
    (await place.pulls()).filter(({ state, title }) => state === 'open' && title.startsWith('Promote')),
  ).toEqual([]);
}, 180_000);

test('a release lets it be merged as it is; a refused one stops nothing', async () => {
  const { place } = await agreedPlace();
  const { operator } = place;
  await place.comment(1, operator, '/peak decline strategy.take_profit no');
  expect(await place.check(1)).toMatchObject({ conclusion: 'success' });
  expect((await ownComments(place)).at(-1)).toMatch(
    /^<!-- peak:reply \d+ -->\n`strategy\.take_profit`: Not done/,
  );
  const other = await place.open(operator, 'feature', { 'README.md': 'words\n' });
  await place.comment(other, operator, ASKED);
  await place.settled();
  expect(dispatched(place)).toEqual([]);
  await place.comment(1, operator, ASKED);
  expect(await place.check(1)).toMatchObject({ conclusion: 'action_required' });
  await place.comment(1, place.stranger, '/peak release');
  expect(await place.check(1)).toMatchObject({ conclusion: 'action_required' });
  await place.comment(1, operator, '/peak release');
  expect(await place.check(1)).toMatchObject({ conclusion: 'success' });
}, 120_000);

test('by strangers, quoted, edited or copied it is nothing; an edited record stands', async () => {
  const { place } = await agreedPlace();
  const { forge, repository, operator, stranger } = place;
  const edit = (who: typeof operator, id: number, body: string) => {
    // GitHub shows the time of an edit to the second.
    place.wait(2_000);
    return forge.as(who).in(repository).patch(`/issues/comments/${id}`, { body });
  };
  await place.comment(1, stranger, ASKED);
  for (const body of [`> ${ASKED}`, `\`\`\`\n${ASKED}`, `well\n${ASKED}`])
    await place.comment(1, operator, body);
  await edit(operator, await place.comment(1, operator, 'a word'), ASKED);
  await edit(stranger, await place.comment(1, operator, 'another word'), ASKED);
  expect(await place.check(1)).toMatchObject({ conclusion: 'success' });
  expect([dispatched(place), await ownComments(place)]).toEqual([[], []]);

  await place.comment(1, operator, ASKED);
  await place.settled();
  const [record = ''] = await ownComments(place);
  await place.comment(1, operator, '/peak release');
  expect(await place.check(1)).toMatchObject({ conclusion: 'success' });
  await place.comment(1, stranger, record);
  expect(await place.check(1)).toMatchObject({ conclusion: 'success' });

  await place.comment(1, operator, ASKED);
  await place.settled();
  const { body } = await forge.as(operator).in(repository).get('/issues/1/comments');
  const standing = (body as { id: number; body: string; user: { login: string } }[]).findLast(
    (one) => one.user.login === 'peak-judge[bot]',
  );
  await edit(stranger, standing?.id ?? 0, 'all is well');
  expect(await place.check(1)).toMatchObject({ conclusion: 'action_required' });
}, 120_000);
