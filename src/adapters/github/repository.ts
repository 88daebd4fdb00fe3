import type { GitHubClient } from './client.ts';
import { OPERATIONS, type OperationName } from './operations.ts';

/** One repository, and who writes to it. */
export interface GitHubRepository {
  readonly owner: string;
  readonly repo: string;
  /** The account that our pull requests and commits are by. */
  readonly login: string;
  readonly call: <T>(name: OperationName, parameters?: Readonly<Record<string, unknown>>) => Promise<T>;
}

/** Binds a client to a repository. */
export function bindRepository(
  client: GitHubClient,
  place: { readonly owner: string; readonly repo: string },
  login: string,
): GitHubRepository {
  const { owner, repo } = place;
  return {
    owner,
    repo,
    login,
    // What a path does not name, octokit would send along as a query.
    call: (name, parameters = {}) => {
      const isHere = OPERATIONS[name].path.startsWith('/repos/{owner}/{repo}');
      return client.call(name, isHere ? { owner, repo, ...parameters } : parameters);
    },
  };
}
