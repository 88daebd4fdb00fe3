import type { Publisher } from '../../cycles/publishing-port.ts';
import { AppError, BugError } from '../../kernel/app-error.ts';
import { type ClientOptions, clientOf, createClient, type GitHubClient } from './client.ts';
import { isRequestFailure, type RequestFailure, toAppError } from './failure.ts';
import { OPERATIONS } from './operations.ts';
import type { GitHubSettings } from './settings.ts';

/** A client that may do something, and who it is. */
export interface GitHubSession {
  readonly client: GitHubClient;
  readonly publisher: Publisher;
  /** Read calls that starting it has cost. */
  readonly reads: number;
  /** For git's own transport. A secret. */
  readonly token: string;
}

/** The account that a workflow's own token writes as. */
const ACTIONS_LOGIN = 'github-actions[bot]';

/** Starts a session: an App exchanges its key for a token of this one repository, a token is taken as it is. */
export function startSession(
  settings: GitHubSettings,
  options: ClientOptions,
): GitHubSession | Promise<GitHubSession> {
  const { credentials } = settings;
  if (credentials.kind === 'app') return startAppSession(settings, options, credentials);
  if (credentials.kind === 'person') return startPersonSession(options, credentials.token);
  const { token } = credentials;
  const client = clientOf(createClient(options, { auth: token }));
  return { client, token, reads: 0, publisher: { kind: 'token', login: ACTIONS_LOGIN } };
}

/** What it opens is this person's: GitHub says whose, and the operator among the names of the policy is the one who agrees. */
async function startPersonSession(options: ClientOptions, token: string): Promise<GitHubSession> {
  const client = clientOf(createClient(options, { auth: token }));
  const { login } = await client.call<{ login: string }>('viewer', {});
  return { client, token, reads: 1, publisher: { kind: 'token', login } };
}

async function startAppSession(
  { owner, repo }: GitHubSettings,
  options: ClientOptions,
  { appId, privateKey }: { readonly appId: string; readonly privateKey: string },
): Promise<GitHubSession> {
  const { createAppAuth } = await import('@octokit/auth-app');
  const octokit = createClient(options, { authStrategy: createAppAuth, auth: { appId, privateKey } });
  const installation = await clientOf(octokit).call<{ id: number; app_slug: string }>('installation', {
    owner,
    repo,
  });
  const token = await exchange(octokit, installation.id, repo);
  const client = clientOf(createClient(options, { auth: token }));
  return { client, token, reads: 1, publisher: { kind: 'app', login: `${installation.app_slug}[bot]` } };
}

/** The token can do no more than the App may, and only in this repository, for an hour. */
async function exchange(
  octokit: ReturnType<typeof createClient>,
  installationId: number,
  repo: string,
): Promise<string> {
  try {
    const answer = (await octokit.auth({
      type: 'installation',
      installationId,
      repositoryNames: [repo],
    })) as { token?: unknown };
    if (typeof answer.token !== 'string') throw new BugError('the token exchange gave no token');
    return answer.token;
  } catch (error) {
    throw isRequestFailure(error) ? refusedExchange(error, repo) : error;
  }
}

/** 422 is how GitHub says that the installation does not cover the repository, under this name. */
function refusedExchange(failure: RequestFailure, repo: string): AppError {
  const worded = toAppError(failure, OPERATIONS.accessToken);
  if (failure.response === undefined || failure.status !== 422) return worded;
  const hint = `let the App be installed in ${repo}; if the repository was renamed, set GITHUB_REPOSITORY to its new name`;
  return new AppError(worded.code, worded.message, { hint, cause: failure });
}
