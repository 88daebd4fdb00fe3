import {
  INSIDERS,
  type OpenPull,
  type PullCommit,
  type PullReader,
} from '../../../cycles/pull-reader-port.ts';
import { instantFromMs } from '../../../kernel/instant.ts';
import type { Person } from '../../../review/index.ts';
import { PAGE, readAllPages } from '../known-answer.ts';
import type { GitHubRepository } from '../repository.ts';
import { type OwnChecks, readPullState } from './read-pull-state.ts';

interface ListedUser {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

interface ListedPull {
  readonly number: number;
  readonly user: ListedUser | null;
  readonly author_association: string;
  readonly head: { readonly sha: string };
  readonly base: { readonly ref: string };
}

interface ListedCommit {
  readonly sha: string;
  readonly parents: readonly { readonly sha: string }[];
  readonly commit: {
    readonly verification?: { readonly verified: boolean };
    readonly committer: { readonly date?: string } | null;
  };
  readonly author: ListedUser | null;
  readonly committer: ListedUser | null;
}

/** GitHub lists no more commits of a pull request than these ("List commits on a pull request"). */
const MAX_COMMITS = 250;

/** Reads pull requests of one repository. Commits come from REST: GraphQL shows no account for a bot's. */
export function pullReader(repository: GitHubRepository, checks: OwnChecks): PullReader {
  return {
    read: (number) => readPullState(repository, number, checks),
    openPulls: async () =>
      (await readAllPages<ListedPull>(repository, 'listPulls', { state: 'open' })).map(toOpenPull),
    commits: async (number) => {
      const listed = await readAllPages<ListedCommit>(repository, 'pullCommits', { pull_number: number });
      return listed.length >= MAX_COMMITS ? null : listed.map(toCommit);
    },
    commitsSince: (tip, known) => readCommitsSince(repository, tip, known),
  };
}

async function readCommitsSince(
  repository: GitHubRepository,
  tip: string,
  known: string | null,
): Promise<readonly PullCommit[]> {
  const found: PullCommit[] = [];
  for (let page = 1; ; page += 1) {
    const listed = await repository.call<readonly ListedCommit[]>('commits', {
      sha: tip,
      per_page: PAGE,
      page,
    });
    const end = listed.findIndex(({ sha }) => sha === known);
    found.push(...(end === -1 ? listed : listed.slice(0, end)).map(toCommit));
    if (end !== -1 || listed.length < PAGE) return found;
  }
}

function toOpenPull({ number, user, head, base, ...pull }: ListedPull): OpenPull {
  const isByOutsider = user?.type !== 'Bot' && !INSIDERS.includes(pull.author_association);
  return { number, head: head.sha, branch: base.ref, isByOutsider };
}

function toCommit({ sha, parents, commit, author, committer }: ListedCommit): PullCommit {
  return {
    oid: sha,
    parents: parents.map((parent) => parent.sha),
    author: toPerson(author),
    committer: toPerson(committer),
    isVerified: commit.verification?.verified === true,
    at: instantFromMs(commit.committer?.date === undefined ? 0 : Date.parse(commit.committer.date)),
  };
}

function toPerson(user: ListedUser | null): Person | null {
  // For an address that nobody has, GitHub answers an empty object.
  return typeof user?.id === 'number' ? { id: user.id, login: user.login } : null;
}
