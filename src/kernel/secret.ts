import { targetWords } from './target.ts';

/** What stands in the place of a value that must not be shown. */
export const REDACTED = '[redacted]';

/** Words that make a parameter's value a secret, whatever it is (judge.md §7). */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'apikey',
  'apikeys',
  'secret',
  'secrets',
  'token',
  'tokens',
  'password',
  'passwd',
  'passphrase',
  'credential',
  'credentials',
  'mnemonic',
  'privatekey',
]);
const SECRET_PAIRS: ReadonlySet<string> = new Set([
  'api key',
  'api keys',
  'private key',
  'private keys',
  'access key',
  'seed phrase',
]);

/** Part of every word and pair above: splitting into words is slow, and most targets hold none of them. */
const MAY_BE_SECRET = /key|secret|token|passw|phrase|credential|mnemonic/i;

/** Formats of credentials that name themselves: GitHub, AWS, Slack, Stripe, Google, PEM, JWT, GitLab, npm, model providers. */
const SECRET_SHAPES =
  /gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|A(?:KIA|SIA)[A-Z0-9]{16}|xox[abprse]-[A-Za-z0-9-]{10,}|sk_(?:live|test)_[A-Za-z0-9]{10,}|AIza[A-Za-z0-9_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./;
const MORE_SHAPES =
  /glpat-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{36}|\bsk-(?:ant|proj|live|svcacct)-[A-Za-z0-9_-]{16,}|hooks\.slack\.com\/services\/T/;
/** RFC 3986, 3.2.1 (a password in an address) and RFC 6750, 2.1. Bounded, so that a long text costs no more than its length. */
const IN_TRANSIT = /:\/\/[^\s/?#@:]{0,100}:[^\s/?#@]{1,200}@|\bBearer [A-Za-z0-9._~+/-]{16,}/;
/** Text that no word, path, UUID or hex digest looks like: 32 or more characters of one unbroken alphabet, cases and digits mixed. */
const RANDOM_LOOKING = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+]{32,}={0,2}$/;

/** Whether a parameter of this name holds a secret. */
export function isSecretTarget(target: string): boolean {
  if (!MAY_BE_SECRET.test(target)) return false;
  const words = targetWords(target);
  return words.some((word, i) => SECRET_WORDS.has(word) || SECRET_PAIRS.has(`${word} ${words[i + 1]}`));
}

/** Whether a text looks like a credential by its form alone. */
export function looksLikeSecret(text: string): boolean {
  return [SECRET_SHAPES, MORE_SHAPES, IN_TRANSIT, RANDOM_LOOKING].some((shape) => shape.test(text));
}

/** A value as it may be shown: `[redacted]` when its target holds secrets or it looks like one. */
export function shownValue<T>(target: string, value: T): T | typeof REDACTED {
  const isSecret = isSecretTarget(target) || (typeof value === 'string' && looksLikeSecret(value));
  return isSecret ? REDACTED : value;
}
