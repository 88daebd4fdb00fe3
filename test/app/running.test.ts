/** What those who run the judge can see of it: its numbers and its log (docs/deployment.md). */
import { expect, test } from 'vitest';
import { judgePlace } from '../support/judge/judge-place.ts';

test('a running judge counts, and logs delivery, pull request and verdict', {
  timeout: 60_000,
}, async () => {
  const place = await judgePlace();
  const { forge, stranger, address } = place;
  const number = await place.open(stranger, 'words', { 'NOTES.md': 'words\n' });
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });

  const metrics = await fetch(`${address}/metrics`);
  expect([metrics.status, metrics.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/plain'),
  ]);
  const text = await metrics.text();
  const numberOf = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.split(' ')[1] ?? Number.NaN,
    );
  expect(numberOf('peak_evaluations_total{conclusion="success"')).toBeGreaterThan(0);
  expect(numberOf('peak_webhooks_total{event="pull_request"')).toBeGreaterThan(0);
  expect(numberOf('peak_queue_jobs')).toBe(0);
  expect(numberOf('peak_last_reconciliation_timestamp_seconds')).toBeGreaterThan(0);

  const opened = forge.webhooks.deliveries.find(
    ({ event, action }) => event === 'pull_request' && action === 'opened',
  );
  const judged = place.logged.filter((line) => line.text === 'judged');
  expect(judged.map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({
      repository: 'acme/trading',
      delivery: opened?.guid,
      pull: number,
      conclusion: 'success',
    }),
  );
});

test('a reconciliation is one line and a number, and makes the judge ready', {
  timeout: 60_000,
}, async () => {
  const place = await judgePlace();
  const number = await place.open(place.stranger, 'words', { 'NOTES.md': 'words\n' });
  await place.settled();
  await place.judge.reconcile();
  await place.settled();
  const lines = place.logged.filter(({ fields }) => fields['repositories'] !== undefined);
  expect(number).toBeGreaterThan(0);
  expect(lines.map(({ level, fields }) => ({ level, ...fields })).at(-1)).toMatchObject({
    level: 'info',
    result: 'success',
    repositories: 1,
    done: 1,
    pulls: 1,
    judged: 1,
    seconds: expect.any(Number),
  });
  const text = await (await fetch(`${place.address}/metrics`)).text();
  expect(text).toContain('peak_reconciliations_total{result="success"} 2');
  expect(text).toMatch(/peak_github_calls_total\{operation="installations"\} 2/);
  expect((await fetch(`${place.address}/ready`)).status).toBe(200);

  // A key that is deleted while it runs.
  place.forge.faults.plan({ path: /^\/app$/, times: 3, effect: { status: 401 } });
  await place.judge.reconcile();
  const ready = await fetch(`${place.address}/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { reason: 'key_refused' }]);
  expect(place.logged.filter(({ level }) => level === 'fatal')).toMatchObject([
    { fields: { code: 'GITHUB_REFUSED' } },
  ]);
  place.forge.faults.clear();
  await place.judge.reconcile();
  expect((await fetch(`${place.address}/ready`)).status).toBe(200);
});
