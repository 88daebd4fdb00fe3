import type { GitSetting } from './redactor.ts';

/** Where the other end is, and the token that opens it. */
export interface RemotePlace {
  /** `https://github.com/owner/name.git`. */
  readonly url: string;
  readonly token: string;
}

/**
 * How git reaches the other end. The header goes to this repository's address only; the empty one before it drops what
 * `actions/checkout` may have left in `.git/config`, since GitHub refuses two. No redirects: they would carry the token along.
 */
export function remoteSettings({ url, token }: RemotePlace): readonly GitSetting[] {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return [
    [`http.${url}.extraHeader`, ''],
    [`http.${url}.extraHeader`, `Authorization: Basic ${basic}`],
    [`http.${url}.followRedirects`, 'false'],
    ['http.followRedirects', 'false'],
    ['credential.helper', ''],
    // Whether git trusts this clone was asked with the machine's settings, which are left out here.
    ['safe.directory', '*'],
    ['protocol.allow', 'never'],
    ['protocol.https.allow', 'always'],
    ['protocol.http.allow', 'always'],
    // A server that sends nothing for this long, in seconds, is not going to.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '60'],
  ];
}

/** A fetch that moves no ref but those of its refspecs, and starts nothing else. */
export const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
];
