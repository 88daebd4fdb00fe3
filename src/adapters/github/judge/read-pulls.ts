import {
  type Account,
  INSIDERS,
  type PullComment,
  type PullCommit,
  type PullReader,
  type PullRequest,
} from '../../../cycles/pull-reader-port.ts';
import { type Instant, instantFromMs } from '../../../kernel/instant.ts';
import type { Person, Review } from '../../../review/index.ts';
import { statusOf } from '../failure.ts';
import { PAGE, readAllPages } from '../known-answer.ts';
import type { GitHubRepository } from '../repository.ts';

interface ListedUser {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

interface ListedPull {
  readonly number: number;
  readonly state: string;
  readonly draft?: boolean;
  readonly body: string | null;
  readonly user: ListedUser | null;
  readonly author_association: string;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    readonly repo: { readonly id: number } | null;
  };
  readonly base: { readonly ref: string; readonly repo: { readonly id: number } };
}

interface ListedReview {
  readonly user: ListedUser | null;
  readonly state: string;
  readonly commit_id: string | null;
  readonly submitted_at?: string;
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

interface ListedComment {
  readonly id: number;
  readonly user: ListedUser | null;
  readonly body?: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** GitHub lists no more commits of a pull request than these ("List commits on a pull request"). */
const MAX_COMMITS = 250;

/** Who is gone from GitHub; no account has this id. */
const GHOST: Account = { id: 0, login: 'ghost', isUser: false };

const STATES: readonly string[] = ['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED'];

/** Reads pull requests of one repository. */
export function pullReader(repository: GitHubRepository): PullReader {
  return {
    pull: async (number) => {
      try {
        return toPull(await repository.call<ListedPull>('pull', { pull_number: number }));
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    openPulls: async () =>
      (await readAllPages<ListedPull>(repository, 'listPulls', { state: 'open' })).map(toPull),
    reviews: async (number) =>
      (await readAllPages<ListedReview>(repository, 'reviews', { pull_number: number })).flatMap(toReview),
    commits: async (number) => {
      const listed = await readAllPages<ListedCommit>(repository, 'pullCommits', { pull_number: number });
      return listed.length >= MAX_COMMITS ? null : listed.map(toCommit);
    },
    commitsSince: (tip, known) => readCommitsSince(repository, tip, known),
    comments: async (number) =>
      (await readAllPages<ListedComment>(repository, 'comments', { issue_number: number })).map(toComment),
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

function toPull(pull: ListedPull): PullRequest {
  const { head, base } = pull;
  return {
    number: pull.number,
    isOpen: pull.state === 'open',
    isDraft: pull.draft === true,
    body: pull.body ?? '',
    author: toAccount(pull.user),
    isByOutsider: pull.user?.type !== 'Bot' && !INSIDERS.includes(pull.author_association),
    head: { sha: head.sha, branch: head.ref, repositoryId: head.repo?.id ?? null },
    base: { branch: base.ref, repositoryId: base.repo.id },
    mergedAs: pull.merged_at === null ? null : pull.merge_commit_sha,
  };
}

/** A review that nobody has handed in yet is none. */
function toReview({ user, state, commit_id: commit, submitted_at: at }: ListedReview): readonly Review[] {
  if (at === undefined || !STATES.includes(state)) return [];
  const { isUser, ...reviewer } = toAccount(user);
  return [{ reviewer, isUser, state: state as Review['state'], commit: commit ?? '', at: timeOf(at) }];
}

function toCommit({ sha, parents, commit, author, committer }: ListedCommit): PullCommit {
  return {
    oid: sha,
    parents: parents.map((parent) => parent.sha),
    author: toPerson(author),
    committer: toPerson(committer),
    isVerified: commit.verification?.verified === true,
    at: commit.committer?.date === undefined ? instantFromMs(0) : timeOf(commit.committer.date),
  };
}

/** A comment as GitHub shows it. */
export function toComment(comment: ListedComment): PullComment {
  return {
    id: comment.id,
    author: toAccount(comment.user),
    body: comment.body ?? '',
    at: timeOf(comment.created_at),
    isEdited: comment.updated_at !== comment.created_at,
  };
}

function toPerson(user: ListedUser | null): Person | null {
  // For an address that nobody has, GitHub answers an empty object.
  return typeof user?.id === 'number' ? { id: user.id, login: user.login } : null;
}

function toAccount(user: ListedUser | null): Account {
  return user === null ? GHOST : { id: user.id, login: user.login, isUser: user.type === 'User' };
}

function timeOf(text: string): Instant {
  return instantFromMs(Date.parse(text));
}
