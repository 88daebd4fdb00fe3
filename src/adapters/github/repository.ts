import type { GitHubClient } from './client.ts';
import { OPERATIONS, type OperationName } from './operations.ts';

/** One repository, and who writes to it: calls below it get `owner` and `repo`. */
export interface GitHubRepository {
  readonly owner: string;
  readonly repo: string;
  /** The account that our pull requests and commits are by. */
  readonly login: string;
  /** How many read operations have been asked for, with those before it was bound. */
  readonly reads: () => number;
  readonly call: <T>(name: OperationName, parameters?: Readonly<Record<string, unknown>>) => Promise<T>;
}

/** Binds a client to a repository; `readsBefore` (default 0) is what getting there has cost. */
export function bindRepository(
  client: GitHubClient,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  { login, readsBefore = 0 }: { readonly login: string; readonly readsBefore?: number },
): GitHubRepository {
  let reads = readsBefore;
  return {
    owner,
    repo,
    login,
    reads: () => reads,
    call: (name, parameters = {}) => {
      if (OPERATIONS[name].kind === 'read') reads += 1;
      const isBelow = OPERATIONS[name].path.startsWith('/repos/{owner}/{repo}');
      // What a path does not name would become a query that GitHub does not know.
      return client.call(name, isBelow ? { owner, repo, ...parameters } : parameters);
    },
  };
}
