/** What the judge must not start with: a clock of somebody's choice, a secret that everybody knows, a publisher that is none. */
import { createNodeMiddleware, Probot } from 'probot';
import { expect, onTestFinished, test, vi } from 'vitest';
import judgeApp from '../../../src/app/index.ts';
import { readSettings } from '../../../src/app/settings.ts';

const GOOD = {
  WEBHOOK_SECRET: 'not to be guessed',
  PEAK_PUBLISHER_APP: 'peak-publisher',
  SOURCE_DATE_EPOCH: '',
  PEAK_DATA_DIR: '',
};

test.each<[string, Partial<typeof GOOD>]>([
  ['a short secret', { WEBHOOK_SECRET: 'guessed' }],
  ['a folder that cannot be made', { PEAK_DATA_DIR: '/proc/nope' }],
  ['a fixed clock', { SOURCE_DATE_EPOCH: '1795300000' }],
  ['no secret', { WEBHOOK_SECRET: '' }],
  ['Probot’s own secret', { WEBHOOK_SECRET: 'development' }],
  ['a publisher that is a path', { PEAK_PUBLISHER_APP: '../peak' }],
])('with %s it does not start', async (_, wrong) => {
  expect(readSettings(GOOD)).toMatchObject({ value: { publisher: 'peak-publisher' } });
  for (const [name, value] of Object.entries({ ...GOOD, ...wrong })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const probot = new Probot({ appId: 1, privateKey: 'none', secret: 'not-guessed', logLevel: 'fatal' });
  await expect(createNodeMiddleware(judgeApp, { probot })).rejects.toThrow();
});
