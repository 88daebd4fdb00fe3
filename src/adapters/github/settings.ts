import { createPrivateKey } from 'node:crypto';
import { type Problem, problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';

/** A GitHub App and its key, or a token as it is. */
export type Credentials =
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string }
  | { readonly kind: 'token'; readonly token: string };

/** Where to publish, and as whom. */
export interface GitHubSettings {
  readonly credentials: Credentials;
  readonly owner: string;
  readonly repo: string;
  /** Without a slash at its end, e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  readonly serverUrl: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const REPOSITORY = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9_.-]{1,100})$/;

/** Prefixes of tokens that belong to people (GitHub's "About authentication", token formats). */
const PERSONAL = /^(?:ghp_|gho_|ghu_|github_pat_)/;

/**
 * Reads APP_ID and PRIVATE_KEY, or else GITHUB_TOKEN, and GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_SERVER_URL as Actions sets them.
 * Fails with every problem at once.
 */
export function readGitHubSettings(variables: Variables): Result<GitHubSettings> {
  const problems: Problem[] = [];
  return readPlace(variables, readCredentials(variables, problems), problems);
}

/** The same for reading only: with GITHUB_TOKEN or GH_TOKEN, which may be a person's; Apps are not asked for settings. */
export function readReaderSettings(variables: Variables): Result<GitHubSettings> {
  const token = variables['GITHUB_TOKEN'] || variables['GH_TOKEN'] || '';
  const problems: Problem[] = [];
  if (!/^[\x21-\x7e]+$/.test(token))
    problems.push(invalid('there is no token for GitHub', 'set GITHUB_TOKEN, e.g. from "gh auth token"'));
  return readPlace(variables, { kind: 'token', token }, problems);
}

function readPlace(
  variables: Variables,
  credentials: Credentials | null,
  problems: Problem[],
): Result<GitHubSettings> {
  const [, owner = '', repo = ''] = REPOSITORY.exec(variables['GITHUB_REPOSITORY'] ?? '') ?? [];
  if (owner === '' || /^\.{1,2}$/.test(repo))
    problems.push(invalid('GITHUB_REPOSITORY is not set to owner/name', 'Actions sets it'));
  const apiUrl = readUrl(variables, 'GITHUB_API_URL', 'https://api.github.com', problems);
  const serverUrl = readUrl(variables, 'GITHUB_SERVER_URL', 'https://github.com', problems);
  if (credentials === null || problems.length > 0) return fail(...problems);
  return ok({ credentials, owner, repo, apiUrl, serverUrl });
}

function readCredentials(variables: Variables, problems: Problem[]): Credentials | null {
  const { APP_ID: appId = '', PRIVATE_KEY: rawKey = '', GITHUB_TOKEN: token = '' } = variables;
  if (appId !== '' || rawKey !== '') {
    // Secret stores and .env files keep a key on one line.
    const privateKey = rawKey.replaceAll('\\n', '\n').trim();
    if (!/^(?:\d{1,20}|Iv[\w.]{1,40})$/.test(appId))
      problems.push(invalid('APP_ID is no id of a GitHub App', 'it stands on the settings page of the App'));
    if (!isPrivateKey(privateKey))
      problems.push(
        invalid('PRIVATE_KEY is no private key in PEM', 'give the whole file; \\n may stand for line breaks'),
      );
    return { kind: 'app', appId, privateKey };
  }
  const hint = 'set APP_ID and PRIVATE_KEY of the publisher App, or GITHUB_TOKEN of the workflow';
  if (token === '') problems.push(invalid('there are no credentials for GitHub', hint));
  else if (PERSONAL.test(token))
    problems.push(invalid("GITHUB_TOKEN is a person's token; what it opens would be that person's", hint));
  else if (!/^[\x21-\x7e]+$/.test(token)) problems.push(invalid('GITHUB_TOKEN holds blanks', hint));
  return token === '' ? null : { kind: 'token', token };
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/** A token must not travel in the clear: http is for this machine only. */
function readUrl(variables: Variables, name: string, otherwise: string, problems: Problem[]): string {
  const text = variables[name] || otherwise;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (url === null || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '')
    problems.push(invalid(`${name} is no https address`, `leave it out for ${otherwise}`));
  return text.replace(/\/+$/, '');
}

function invalid(reason: string, hint: string): Problem {
  return problem('CREDENTIALS_INVALID', { reason, hint });
}
