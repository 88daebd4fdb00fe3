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
