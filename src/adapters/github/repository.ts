import type { GitHubClient } from './client.ts';
import { OPERATIONS, type OperationName } from './operations.ts';

/** One repository, and who writes to it: calls below it get `owner` and `repo`. */
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
    call: (name, parameters = {}) => {
      const isBelow = OPERATIONS[name].path.startsWith('/repos/{owner}/{repo}');
      // What a path does not name would become a query that GitHub does not know.
      return client.call(name, isBelow ? { owner, repo, ...parameters } : parameters);
    },
  };
}
