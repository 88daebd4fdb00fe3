/** GraphQL's largest page ("Rate limits and query limits for the GraphQL API"). */
const PAGE = 100;

/** Suites of one App on one commit, and runs of one name in a suite: GitHub makes one of each; what is beyond is asked of REST. */
const FEW = 10;

/** Latest merges of the repository: many days of most; what is beyond is asked of REST. */
const MERGES = 50;

/**
 * Everything that a verdict rests on and Git does not hold, consistent, in one request: the pull request, a page of its reviews and
 * comments, when it was closed and opened again, the latest runs of our check on its last commit, the tip of its base, and the repository's latest merges. `reviews` and `comments` are cursors to go on from.
 */
export const PULL_STATE_QUERY = `
query PullState(
  $owner: String!, $name: String!, $number: Int!, $app: Int!, $check: String!, $reviews: String, $comments: String
) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequests(states: MERGED, first: ${MERGES}, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { updatedAt mergeCommit { oid } }
      pageInfo { hasNextPage }
    }
    pullRequest(number: $number) {
      number
      state
      body
      author { ...Account }
      isCrossRepository
      headRefOid
      headRefName
      baseRefName
      baseRef { target { oid } }
      mergeCommit { oid }
      reviews(first: ${PAGE}, after: $reviews) {
        nodes { author { ...Account } state submittedAt commit { oid } }
        pageInfo { hasNextPage endCursor }
      }
      comments(first: ${PAGE}, after: $comments) {
        nodes { fullDatabaseId author { ...Account } body createdAt lastEditedAt }
        pageInfo { hasNextPage endCursor }
      }
      timelineItems(first: ${PAGE}, itemTypes: [CLOSED_EVENT, REOPENED_EVENT]) {
        nodes {
          __typename
          ... on ClosedEvent { createdAt actor { ...Account } }
          ... on ReopenedEvent { createdAt actor { ...Account } }
        }
        pageInfo { hasNextPage }
      }
      commits(last: 1) {
        nodes {
          commit {
            oid
            checkSuites(first: ${FEW}, filterBy: { appId: $app }) {
              nodes {
                checkRuns(first: ${FEW}, filterBy: { checkName: $check, checkType: LATEST }) {
                  nodes { externalId }
                  pageInfo { hasNextPage }
                }
              }
              pageInfo { hasNextPage }
            }
          }
        }
      }
    }
  }
}
fragment Account on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}`;

/** A list of which GraphQL shows a page; an entry that may not be seen is null. */
export interface Page<T> {
  readonly nodes: readonly (T | null)[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A list of which no further page is read. */
export interface Few<T> {
  readonly nodes: readonly (T | null)[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean };
}

/** An account; null stands for one that is deleted. */
export interface ShownActor {
  /** `User`, `Bot`, `Mannequin`, `Organization`, or `EnterpriseUserAccount`, which has no number. */
  readonly __typename: string;
  /** A bot's without the `[bot]` that REST puts behind it. */
  readonly login: string;
  readonly databaseId?: number | null;
}

/** A review; without a time for one that is not handed in. */
export interface ShownReview {
  readonly author: ShownActor | null;
  readonly state: string;
  readonly submittedAt: string | null;
  readonly commit: { readonly oid: string } | null;
}

/** A comment; its number can exceed 32 bits, and is text. */
export interface ShownComment {
  readonly fullDatabaseId: string | null;
  readonly author: ShownActor | null;
  readonly body: string;
  readonly createdAt: string;
  readonly lastEditedAt: string | null;
}

/** A closing or a reopening; the actor is null for one that is deleted. */
export interface ShownClosing {
  readonly __typename: string;
  readonly createdAt: string;
  readonly actor: ShownActor | null;
}

/** A commit with the runs of our check on it. */
export interface ShownCommit {
  readonly oid: string;
  readonly checkSuites: Few<{
    readonly checkRuns: Few<{ readonly externalId: string | null }> | null;
  }> | null;
}

/** A pull request with one page of what belongs to it. */
export interface ShownPull {
  readonly number: number;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly body: string;
  readonly author: ShownActor | null;
  readonly isCrossRepository: boolean;
  readonly headRefOid: string;
  readonly headRefName: string;
  readonly baseRefName: string;
  readonly baseRef: { readonly target: { readonly oid: string } | null } | null;
  readonly mergeCommit: { readonly oid: string } | null;
  readonly reviews: Page<ShownReview> | null;
  readonly comments: Page<ShownComment>;
  readonly timelineItems: Few<ShownClosing>;
  readonly commits: { readonly nodes: readonly ({ readonly commit: ShownCommit } | null)[] | null };
}

/** A merged pull request; what it made can be gone from the repository. */
export interface ShownMerge {
  readonly updatedAt: string;
  readonly mergeCommit: { readonly oid: string } | null;
}

/** What the query answers. */
export interface PullStateAnswer {
  readonly repository: {
    readonly databaseId: number | null;
    /** Latest first. */
    readonly pullRequests: Few<ShownMerge> | null;
    readonly pullRequest: ShownPull | null;
  } | null;
}
