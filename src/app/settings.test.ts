import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const GOOD = { WEBHOOK_SECRET: 's3cret', PEAK_PUBLISHER_APP: 'acme-publisher', PEAK_DATA_DIR: '/data' };

test('readSettings takes the publisher and the folder', () => {
  expect(readSettings(GOOD)).toEqual({ publisher: 'acme-publisher', folder: '/data' });
});

test.each([[{}], [{ PEAK_PUBLISHER_APP: '' }]])('readSettings does without a publisher: %j', (variables) => {
  const { publisher, folder } = readSettings({ WEBHOOK_SECRET: 's3cret', ...variables });
  expect(publisher).toBeNull();
  expect(folder).not.toBe('');
});

test.each([
  ['a fixed clock', { SOURCE_DATE_EPOCH: '1795300000' }],
  ['no secret', { WEBHOOK_SECRET: '' }],
  ["Probot's own secret", { WEBHOOK_SECRET: 'development' }],
  ['a publisher that is no slug', { PEAK_PUBLISHER_APP: 'Acme Publisher' }],
])('readSettings refuses to start with %s', (_, variables) => {
  expect(() => readSettings({ ...GOOD, ...variables })).toThrow();
});
