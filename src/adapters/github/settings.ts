import { createPrivateKey } from 'node:crypto';
import { type Problem, problem } from '../../kernel/problem.ts';
import { parseRepositoryName } from '../../kernel/repository-name.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';

/** A GitHub App and its key, the token of a workflow, or that of a person. */
export type Credentials =
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: string }
  | { readonly kind: 'token' | 'person'; readonly token: string };

/** Who asks: the publisher for a cycle; for an operator's own change it may be the operator. */
export type AskedBy = 'publisher' | 'operator';

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

/** Prefixes of tokens that belong to people (GitHub's "About authentication", token formats). */
const PERSONAL = /^(?:ghp_|gho_|ghu_|github_pat_)/;

/**
 * Reads PEAK_APP_ID and PEAK_PRIVATE_KEY (or APP_ID and PRIVATE_KEY, where they are not the judge's), or else GITHUB_TOKEN, and
 * GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_SERVER_URL as Actions sets them. A person's token (also GH_TOKEN) is for an operator's own
 * change: the pull request is then the operator's, too. Fails with every problem at once.
 */
export function readGitHubSettings(
  variables: Variables,
  askedBy: AskedBy = 'publisher',
): Result<GitHubSettings> {
  const problems: Problem[] = [];
  const credentials = readAppCredentials(variables, problems) ?? readToken(variables, askedBy, problems);
  return readPlace(variables, credentials, problems);
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
  const name = parseRepositoryName(variables['GITHUB_REPOSITORY'] ?? '');
  if (name === null)
    problems.push(
      invalid(
        'it is not said which repository is meant',
        'add --repository OWNER/NAME (Actions sets GITHUB_REPOSITORY)',
      ),
    );
  const apiUrl = readUrl(variables, 'GITHUB_API_URL', 'https://api.github.com', problems);
  const serverUrl = readUrl(variables, 'GITHUB_SERVER_URL', 'https://github.com', problems);
  if (credentials === null || name === null || problems.length > 0) return fail(...problems);
  return ok({ credentials, ...name, apiUrl, serverUrl });
}

/** Where names of the publisher's own are set, the others are somebody else's: in the judge's environment they are the judge's. */
function readAppCredentials(variables: Variables, problems: Problem[]): Credentials | null {
  const isOwn = Boolean(variables['PEAK_APP_ID'] || variables['PEAK_PRIVATE_KEY']);
  if (!isOwn && isJudges(variables)) return null;
  const [idName, keyName] = isOwn ? ['PEAK_APP_ID', 'PEAK_PRIVATE_KEY'] : ['APP_ID', 'PRIVATE_KEY'];
  const { [idName]: appId = '', [keyName]: rawKey = '' } = variables;
  if (appId === '' && rawKey === '') return null;
  // Secret stores and .env files keep a key on one line.
  const privateKey = rawKey.replaceAll('\\n', '\n').trim();
  if (!/^(?:\d{1,20}|Iv[\w.]{1,40})$/.test(appId))
    problems.push(invalid(`${idName} is no id of a GitHub App`, 'it stands on the settings page of the App'));
  if (!isPrivateKey(privateKey))
    problems.push(
      invalid(`${keyName} is no private key in PEM`, 'give the whole file; \\n may stand for line breaks'),
    );
  return { kind: 'app', appId, privateKey };
}

/** The judge's process alone has the secret of a webhook; it must not open what it judges. */
function isJudges(variables: Variables): boolean {
  return Boolean(variables['WEBHOOK_SECRET'] && (variables['APP_ID'] || variables['PRIVATE_KEY']));
}

const TOKEN_ADVICE: Readonly<Record<AskedBy, string>> = {
  publisher:
    'set PEAK_APP_ID and PEAK_PRIVATE_KEY of the publisher App, or GITHUB_TOKEN to that of the workflow',
  operator: 'put GITHUB_TOKEN="$(gh auth token)" in front of the command: the pull request is then yours',
};

function readToken(variables: Variables, askedBy: AskedBy, problems: Problem[]): Credentials | null {
  const hint = TOKEN_ADVICE[askedBy];
  const token = variables['GITHUB_TOKEN'] || (askedBy === 'operator' && variables['GH_TOKEN']) || '';
  const isPerson = PERSONAL.test(token);
  const none = isJudges(variables)
    ? "APP_ID and PRIVATE_KEY stand beside WEBHOOK_SECRET, so they are the judge's, which opens nothing"
    : 'there are no credentials for GitHub';
  if (token === '') problems.push(invalid(none, hint));
  else if (isPerson && askedBy === 'publisher')
    problems.push(invalid("GITHUB_TOKEN is a person's token; what it opens would be that person's", hint));
  else if (!/^[\x21-\x7e]+$/.test(token)) problems.push(invalid('GITHUB_TOKEN holds blanks', hint));
  return token === '' ? null : { kind: isPerson ? 'person' : 'token', token };
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
