import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type AskedBy, readGitHubSettings } from './settings.ts';

const key = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString();
const [OWN, OTHER] = [key(), key()];
const PERSON = `gho_${'a1B2'.repeat(9)}`;
const WORKFLOW = `ghs_${'a1B2'.repeat(9)}`;

function credentials(variables: Record<string, string>, askedBy: AskedBy = 'publisher') {
  const settings = readGitHubSettings({ GITHUB_REPOSITORY: 'acme/trading', ...variables }, askedBy);
  return settings.ok ? settings.value.credentials : settings.problems.map(({ code }) => code);
}

describe('readGitHubSettings', () => {
  test("takes the publisher's own names before names that the judge has, too", () => {
    const both = { PEAK_APP_ID: '7', PEAK_PRIVATE_KEY: OWN, APP_ID: '9', PRIVATE_KEY: OTHER };
    expect(credentials(both)).toEqual({ kind: 'app', appId: '7', privateKey: OWN.trim() });
    expect(credentials({ APP_ID: '9', PRIVATE_KEY: OTHER })).toMatchObject({ kind: 'app', appId: '9' });
    expect(credentials({ ...both, PEAK_PRIVATE_KEY: '' })).toEqual(['CREDENTIALS_INVALID']);
  });

  test("never speaks as the judge: its environment has a webhook's secret", () => {
    const judge = { APP_ID: '9', PRIVATE_KEY: OTHER, WEBHOOK_SECRET: 'x' };
    expect(credentials(judge)).toEqual(['CREDENTIALS_INVALID']);
    expect(credentials({ ...judge, GITHUB_TOKEN: WORKFLOW })).toEqual({ kind: 'token', token: WORKFLOW });
    expect(credentials({ ...judge, PEAK_APP_ID: '7', PEAK_PRIVATE_KEY: OWN })).toMatchObject({ appId: '7' });
  });

  test("takes a person's token for that person's own change alone", () => {
    for (const name of ['GITHUB_TOKEN', 'GH_TOKEN'])
      expect(credentials({ [name]: PERSON }, 'operator')).toEqual({ kind: 'person', token: PERSON });
    expect(credentials({ GITHUB_TOKEN: PERSON })).toEqual(['CREDENTIALS_INVALID']);
    expect(credentials({ GH_TOKEN: PERSON })).toEqual(['CREDENTIALS_INVALID']);
    expect(credentials({ GITHUB_TOKEN: WORKFLOW }, 'operator')).toEqual({ kind: 'token', token: WORKFLOW });
  });
});
