import { describe, expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';
import { remoteSettings } from './remote-settings.ts';

describe('createRedactor', () => {
  const token = 'ghs_abcdefghijklmnopqrstuvwxyz0123456789';
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const redact = createRedactor(remoteSettings({ url: 'https://github.com/o/r.git', token }));

  test.each([
    [`bad token ${token}.`, 'bad token [redacted].'],
    [`Authorization: Basic ${basic}`, '[redacted]'],
    [`you sent ${basic}, ${basic}`, 'you sent [redacted], [redacted]'],
    [`x-access-token:${token}@github.com`, '[redacted]@github.com'],
  ])('takes it out of %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('leaves everything else', () => {
    const text = "fatal: repository 'https://github.com/o/r.git/' not found";
    expect(redact(text)).toBe(text);
    expect(createRedactor([])(token)).toBe(token);
  });
});
