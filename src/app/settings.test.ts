import { expect, test } from 'vitest';
import type { Problem } from '../kernel/problem.ts';
import { readSettings } from './settings.ts';

const GOOD = {
  WEBHOOK_SECRET: 'sixteen-letters!',
  PEAK_PUBLISHER_APP: 'acme-publisher',
  PEAK_DATA_DIR: '/data',
};
const settingsIn = (problems: readonly Problem[]) => problems.map(({ args }) => args['setting']);

test('readSettings takes the publisher and the folder', () => {
  expect(readSettings(GOOD)).toMatchObject({
    ok: true,
    value: { publisher: 'acme-publisher', folder: '/data' },
  });
});

test.each([undefined, ''])('readSettings does without a publisher and a folder: %j', (none) => {
  const settings = readSettings({ ...GOOD, PEAK_PUBLISHER_APP: none, PEAK_DATA_DIR: none });
  expect(settings).toMatchObject({
    ok: true,
    value: { publisher: null, folder: expect.stringMatching(/./) },
  });
});

test.each([
  ['a fixed clock', { SOURCE_DATE_EPOCH: '1795300000' }],
  ['no secret', { WEBHOOK_SECRET: '' }],
  ["Probot's own secret", { WEBHOOK_SECRET: 'development' }],
  ['a secret of 15 characters', { WEBHOOK_SECRET: 'x'.repeat(15) }],
  ['a publisher that is no slug', { PEAK_PUBLISHER_APP: 'Acme Publisher' }],
])('readSettings refuses %s', (_, variables) => {
  const { ok, problems } = readSettings({ ...GOOD, ...variables });
  expect([ok, settingsIn(problems)]).toEqual([false, Object.keys(variables)]);
});

test('readSettings names every fault at once', () => {
  const { problems } = readSettings({ SOURCE_DATE_EPOCH: '1', PEAK_PUBLISHER_APP: '../x' });
  expect(settingsIn(problems)).toEqual(['SOURCE_DATE_EPOCH', 'WEBHOOK_SECRET', 'PEAK_PUBLISHER_APP']);
});
