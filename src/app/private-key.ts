import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { fault, type Variables } from './settings.ts';

const PEM = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

const ADVICE = 'give the whole .pem file that GitHub made for the App ("Private keys" on its page)';

/**
 * The App's key from PRIVATE_KEY (PEM; on one line with `\n` for line breaks; or all of it in base64) or from the file of
 * PRIVATE_KEY_PATH, as PKCS #8 in PEM. Never from a file that happens to lie in the working folder. Fails with `SETTING_INVALID`.
 */
export function readPrivateKey(variables: Variables): Result<string> {
  const { PRIVATE_KEY: text = '', PRIVATE_KEY_PATH: path = '' } = variables;
  if (text !== '' && path !== '')
    return fail(fault('PRIVATE_KEY', 'and PRIVATE_KEY_PATH are both set', 'keep the one that is meant'));
  if (text !== '') return parseKey(text, 'PRIVATE_KEY');
  if (path === '') return fail(fault('PRIVATE_KEY_PATH', 'is not set, nor is PRIVATE_KEY', ADVICE));
  try {
    return parseKey(readFileSync(path, 'utf8'), 'PRIVATE_KEY_PATH');
  } catch (error) {
    return fail(unreadable(path, (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'));
  }
}

function unreadable(path: string, code: string): Problem {
  const who = `user ${process.getuid?.() ?? 'of this process'}`;
  return fault(
    'PRIVATE_KEY_PATH',
    `leads to ${path}, which cannot be read: ${code}`,
    `give an absolute path to a file that ${who} may read`,
  );
}

function parseKey(given: string, setting: string): Result<string> {
  const [, kind = '', body = ''] = PEM.exec(decode(given.trim())) ?? [];
  if (kind === '') return fail(fault(setting, 'holds no private key in PEM', ADVICE));
  const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  const key = openKey([`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ''].join('\n'));
  if (key === null) return fail(fault(setting, 'holds a key that is damaged or cut off', ADVICE));
  if (key.asymmetricKeyType !== 'rsa')
    return fail(
      fault(setting, `holds a key of another kind (${key.asymmetricKeyType}); Apps have RSA keys`, ADVICE),
    );
  return ok(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Secret stores and env files keep a key on one line. */
function decode(text: string): string {
  const plain = /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : text;
  return plain.replaceAll('\\n', '\n');
}

function openKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
