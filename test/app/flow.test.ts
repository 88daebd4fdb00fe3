import { expect, test } from 'vitest';
import { judgePlace } from '../support/judge/judge-place.ts';

test('a promotion waits for an operator, is merged, and its verdict is noted', async () => {
  const place = await judgePlace();
  const clone = await place.clone();
  await clone.published();
  const number = (await place.pulls())[0]?.number ?? 0;
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  expect(await place.merge(number, place.operator)).toBe(405);
  await place.review(number, place.operator);
  expect(await place.check(number)).toMatchObject({ conclusion: 'action_required' });
  await place.tick(number, place.operator);
  expect(await place.check(number)).toMatchObject({ conclusion: 'success' });
  expect(await place.merge(number, place.operator)).toBe(200);
  await clone.fetch('refs/notes/peak');
  expect(clone.git('log', '--format=%s', 'FETCH_HEAD')).toMatch(/^Verdict of/);
});
