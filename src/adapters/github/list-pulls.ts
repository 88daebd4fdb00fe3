import { PAGE } from './known-answer.ts';
import type { GitHubRepository } from './repository.ts';

/** A pull request as GitHub lists it. */
export interface ListedPull {
  readonly number: number;
  readonly html_url: string;
  readonly state: 'open' | 'closed';
  readonly body: string | null;
  readonly merged_at: string | null;
  readonly created_at: string;
  readonly closed_at: string | null;
  readonly updated_at: string;
  readonly user: { readonly login: string } | null;
  readonly labels: readonly { readonly name: string }[];
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    readonly repo: { readonly full_name: string } | null;
  };
  readonly base: { readonly ref: string; readonly repo: RepositoryAnswer };
}

/** What is known of a repository; every pull request tells it along. */
export interface RepositoryAnswer {
  readonly full_name: string;
  readonly default_branch: string;
  readonly archived: boolean;
}

/** A branch's pull requests against the default branch, the latest changed first, read page by page. */
export interface PullHistory {
  /** What has been read so far. */
  readonly pulls: readonly ListedPull[];
  /** The repository, as the first page told it; null when it told of nothing. */
  readonly about: RepositoryAnswer | null;
  /** Reads on until everything that changed at or after a date is there; ISO 8601. */
  readBackTo(date: string): Promise<readonly ListedPull[]>;
}

/**
 * Reads the first page of a branch's pull requests, open and closed, against one base; null: against the default branch. A fork's branch
 * of the same name is somebody else's and left out here, where every reader gets it from.
 */
export async function readPullHistory(
  repository: GitHubRepository,
  branch: string,
  base: string | null,
): Promise<PullHistory> {
  const pulls: ListedPull[] = [];
  let about: RepositoryAnswer | null = null;
  let page = 0;
  let isComplete = false;
  const readPage = async () => {
    page += 1;
    const listed = await repository.call<readonly ListedPull[]>('listPulls', {
      head: `${repository.owner}:${branch}`,
      ...(base === null ? {} : { base }),
      state: 'all',
      sort: 'updated',
      direction: 'desc',
      per_page: PAGE,
      page,
    });
    isComplete = listed.length < PAGE;
    about ??= listed[0]?.base.repo ?? null;
    const against = base ?? about?.default_branch;
    pulls.push(...listed.filter((pull) => pull.base.ref === against && isFromHere(branch, pull)));
    return listed.at(-1)?.updated_at ?? '';
  };
  let oldest = await readPage();
  return {
    pulls,
    about,
    readBackTo: async (date) => {
      while (!isComplete && oldest >= date) oldest = await readPage();
      return pulls;
    },
  };
}

/** No head repository: it is gone, so it was a fork. */
function isFromHere(branch: string, { head, base }: ListedPull): boolean {
  return head.ref === branch && head.repo?.full_name === base.repo.full_name;
}
