import type { CheckRuns, PostedRun } from '../../../cycles/check-runs-port.ts';
import type {
  Account,
  PullClosing,
  PullComment,
  PullRequest,
  PullState,
  RecentMerges,
} from '../../../cycles/pull-reader-port.ts';
import { AppError } from '../../../kernel/app-error.ts';
import { instantFromMs } from '../../../kernel/instant.ts';
import { GOVERNANCE_CHECK, type Review } from '../../../review/index.ts';
import { graphqlErrorsOf } from '../graphql.ts';
import type { GitHubRepository } from '../repository.ts';
import {
  type Few,
  PULL_STATE_QUERY,
  type PullStateAnswer,
  type ShownActor,
  type ShownClosing,
  type ShownComment,
  type ShownCommit,
  type ShownMerge,
  type ShownPull,
  type ShownReview,
} from './pull-state-query.ts';

/** Whose runs count, and where they are looked up when GraphQL does not show the head. */
export interface OwnChecks {
  readonly appId: number;
  readonly latest: CheckRuns['latest'];
}

/** Who is gone from GitHub, or has no number there; no account has this id. */
const GHOST: Account = { id: 0, login: 'ghost', isUser: false };

const STATES: readonly string[] = ['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED'];

/** Reads everything about a pull request in one request, and one more for each further page of reviews or comments. */
export async function readPullState(
  repository: GitHubRepository,
  number: number,
  checks: OwnChecks,
): Promise<PullState | null> {
  const reviews: Review[] = [];
  const comments: PullComment[] = [];
  const from: Cursors = { reviews: null, comments: null };
  for (;;) {
    const page = await readPage(repository, { number, app: checks.appId, ...from });
    if (page === null) return null;
    const { shown, repositoryId, merges } = page;
    const shownReviews = needed(shown.reviews);
    reviews.push(...needed(shownReviews.nodes).flatMap(toReview));
    comments.push(...needed(shown.comments.nodes).map(toComment));
    // The pull request is that of the last page; what was written since the one before is on it.
    if (!shownReviews.pageInfo.hasNextPage && !shown.comments.pageInfo.hasNextPage) {
      const pull = toPull(shown, repositoryId);
      const run = findLatestRun(shown);
      const latestRun = run === undefined ? await checks.latest(pull.head.sha) : run;
      const baseTip = shown.baseRef?.target?.oid ?? null;
      const closings = toClosings(needed(shown.timelineItems));
      return { pull, reviews, comments, closings, latestRun, baseTip, merges };
    }
    from.reviews = nextCursor(shownReviews, from.reviews);
    from.comments = nextCursor(shown.comments, from.comments);
  }
}

interface Cursors {
  reviews: string | null;
  comments: string | null;
}

function nextCursor(
  { pageInfo }: Pick<ShownPull['comments'], 'pageInfo'>,
  before: string | null,
): string | null {
  if (pageInfo.hasNextPage && (pageInfo.endCursor === null || pageInfo.endCursor === before))
    throw incomplete();
  return pageInfo.endCursor ?? before;
}

interface StatePage {
  readonly shown: ShownPull;
  readonly repositoryId: number;
  readonly merges: RecentMerges;
}

async function readPage(
  repository: GitHubRepository,
  variables: Cursors & { readonly number: number; readonly app: number },
): Promise<StatePage | null> {
  const { owner, repo: name } = repository;
  try {
    const answer = await repository.call<PullStateAnswer>('pullState', {
      query: PULL_STATE_QUERY,
      variables: { owner, name, check: GOVERNANCE_CHECK, ...variables },
    });
    const { databaseId, pullRequest, pullRequests } = needed(answer.repository);
    const merges = toMerges(needed(pullRequests));
    return { shown: needed(pullRequest), repositoryId: needed(databaseId), merges };
  } catch (error) {
    if (isMissingPull(error)) return null;
    throw error;
  }
}

/** The repository is there, and has no pull request of this number. */
function isMissingPull(error: unknown): boolean {
  const [first, ...others] = graphqlErrorsOf(error instanceof AppError ? error.cause : error);
  return (
    others.length === 0 && first?.type === 'NOT_FOUND' && first.path?.join('.') === 'repository.pullRequest'
  );
}

/** A pull request is not changed before it is merged: whoever was merged later than the oldest of these is one of them. */
function toMerges({ nodes, pageInfo }: Few<ShownMerge>): RecentMerges {
  const listed = needed(nodes).map(needed);
  const oldest = listed.at(-1);
  const since = pageInfo.hasNextPage && oldest !== undefined ? Date.parse(oldest.updatedAt) : 0;
  const commits = listed.flatMap(({ mergeCommit }) => (mergeCommit === null ? [] : [mergeCommit.oid]));
  return { commits: new Set(commits), since: instantFromMs(since) };
}

function toPull(shown: ShownPull, repositoryId: number): PullRequest {
  return {
    number: shown.number,
    isOpen: shown.state === 'OPEN',
    body: shown.body,
    author: toAccount(shown.author),
    head: {
      sha: shown.headRefOid,
      branch: shown.headRefName,
      repositoryId: shown.isCrossRepository ? null : repositoryId,
    },
    base: { branch: shown.baseRefName, repositoryId },
    mergedAs: shown.state === 'MERGED' ? (shown.mergeCommit?.oid ?? null) : null,
  };
}

/** A review that nobody has handed in yet is none. */
function toReview(shown: ShownReview | null): readonly Review[] {
  const { author, state, commit, submittedAt: at } = needed(shown);
  if (at === null || !STATES.includes(state)) return [];
  const { isUser, ...reviewer } = toAccount(author);
  return [
    {
      reviewer,
      isUser,
      state: state as Review['state'],
      commit: commit?.oid ?? '',
      at: instantFromMs(Date.parse(at)),
    },
  ];
}

function toComment(shown: ShownComment | null): PullComment {
  const { fullDatabaseId, author, body, createdAt, lastEditedAt } = needed(shown);
  return {
    id: Number(needed(fullDatabaseId)),
    author: toAccount(author),
    body,
    at: instantFromMs(Date.parse(createdAt)),
    isEdited: lastEditedAt !== null,
  };
}

function toClosings({ nodes, pageInfo }: Few<ShownClosing>): readonly PullClosing[] | null {
  if (pageInfo.hasNextPage) return null;
  return needed(nodes).map((shown) => {
    const { __typename: type, createdAt, actor } = needed(shown);
    const at = instantFromMs(Date.parse(createdAt));
    return { by: toAccount(actor), at, isReopening: type === 'ReopenedEvent' };
  });
}

/** GraphQL leaves out the `[bot]` of a bot's name, which REST and people write. An unknown number is no ghost's: a hold could get lost. */
function toAccount(actor: ShownActor | null): Account {
  if (actor === null || actor.__typename === 'EnterpriseUserAccount') return GHOST;
  const { __typename: type, login } = actor;
  const isBare = type === 'Bot' && !login.endsWith('[bot]');
  return {
    id: needed(actor.databaseId),
    login: isBare ? `${login}[bot]` : login,
    isUser: type === 'User',
  };
}

/** Of several runs the one of the latest evaluation; undefined where GraphQL does not show for certain what stands on the head. */
function findLatestRun({ headRefOid, commits }: ShownPull): PostedRun | null | undefined {
  const commit = commits.nodes?.at(-1)?.commit;
  const stamps = commit?.oid === headRefOid ? stampsOn(commit) : null;
  if (stamps === null) return undefined;
  const [last] = stamps.toSorted().toReversed();
  return last === undefined ? null : { stamp: last };
}

function stampsOn({ checkSuites }: ShownCommit): readonly string[] | null {
  const runs = checkSuites?.nodes?.map((suite) => suite?.checkRuns ?? null) ?? [null];
  const stamps: string[] = [];
  for (const few of runs) {
    if (few === null || few.nodes === null || few.pageInfo.hasNextPage) return null;
    for (const run of few.nodes) stamps.push(run?.externalId ?? '');
  }
  return checkSuites?.pageInfo.hasNextPage === true ? null : stamps;
}

function needed<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw incomplete();
  return value;
}

function incomplete(): AppError {
  return new AppError('GITHUB_UNREACHABLE', 'GitHub left out a part of the pull request that was asked for', {
    hint: 'run again later; nothing is decided on a part',
  });
}
