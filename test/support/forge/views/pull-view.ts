import { type Mergeability, UNKNOWN_YET } from '../git/pull-facts.ts';
import type { Json, Pull, Repository, Review } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { associationOf, viewAccount, viewTeam } from './account-view.ts';
import { viewLabels } from './issue-view.ts';
import { viewRepository } from './repository-view.ts';
import { iso, isoOrNull, nodeId, repositoryApi, repositoryPage } from './urls.ts';

/** `pull-request-simple`: as lists and webhooks show it. */
export function viewSimplePull(world: World, repository: Repository, pull: Pull): Json {
  const { issue, head, base } = pull;
  const assignees = issue.assignees.map((account) => viewAccount(world, account));
  const addresses = viewAddresses(world, repository, pull);
  return {
    ...addresses,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: issue.number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    user: viewAccount(world, issue.author),
    body: issue.body,
    labels: viewLabels(world, repository, issue.labels),
    milestone: null,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.reviewers.map((account) => viewAccount(world, account)),
    requested_teams: pull.teams.map((team) => viewTeam(world, team)),
    head: viewSide(world, head.repository, head),
    base: viewSide(world, repository, base),
    _links: viewLinks(addresses),
    author_association: associationOf(world, repository, issue.author),
    auto_merge: null,
    draft: pull.draft,
  };
}

/** `pull-request`: with its size and what is known about merging it; webhooks show this form, too. */
export function viewPull(
  world: World,
  repository: Repository,
  { pull, mergeability = UNKNOWN_YET }: PullToMerge,
): Json {
  return {
    ...viewSimplePull(world, repository, pull),
    merged: pull.mergedAt !== null,
    mergeable: mergeability.mergeable,
    rebaseable: mergeability.mergeable,
    mergeable_state: mergeability.state,
    merged_by: pull.mergedBy === null ? null : viewAccount(world, pull.mergedBy),
    comments: repository.comments.filter(({ issue }) => issue === pull.issue).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.size.commits,
    additions: pull.size.additions,
    deletions: pull.size.deletions,
    changed_files: pull.size.changedFiles,
  };
}

interface PullToMerge {
  readonly pull: Pull;
  readonly mergeability?: Mergeability;
}

/** `pull-request-minimal`: as check runs name their pull requests. */
export function viewMinimalPull(world: World, repository: Repository, pull: Pull): Json {
  const side = (where: Repository, { ref, sha }: Side): Json => ({
    ref,
    sha,
    repo: { id: where.id, url: repositoryApi(world, where), name: where.name },
  });
  return {
    id: pull.id,
    number: pull.issue.number,
    url: repositoryApi(world, repository, `/pulls/${pull.issue.number}`),
    head: side(pull.head.repository, pull.head),
    base: side(repository, pull.base),
  };
}

/** `pull-request-review`: its state in upper case, as REST shows it. */
export function viewReview(world: World, repository: Repository, { pull, review }: ReviewOfPull): Json {
  const page = repositoryPage(world, repository, `/pull/${pull.issue.number}#pullrequestreview-${review.id}`);
  const pullUrl = repositoryApi(world, repository, `/pulls/${pull.issue.number}`);
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: viewAccount(world, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: iso(review.submittedAt),
    commit_id: review.commit,
    author_association: associationOf(world, repository, review.author),
  };
}

interface ReviewOfPull {
  readonly pull: Pull;
  readonly review: Review;
}

interface Side {
  readonly ref: string;
  readonly sha: string;
}

function viewSide(world: World, repository: Repository, { ref, sha }: Side): Json {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: viewAccount(world, repository.owner),
    repo: viewRepository(world, repository),
  };
}

function viewAddresses(world: World, repository: Repository, { issue, head }: Pull): Record<string, string> {
  const url = repositoryApi(world, repository, `/pulls/${issue.number}`);
  const page = repositoryPage(world, repository, `/pull/${issue.number}`);
  const issueUrl = repositoryApi(world, repository, `/issues/${issue.number}`);
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: repositoryApi(world, repository, '/pulls/comments{/number}'),
    comments_url: `${issueUrl}/comments`,
    statuses_url: repositoryApi(world, repository, `/statuses/${head.sha}`),
  };
}

function viewLinks(addresses: Record<string, string>): Json {
  const link = (name: string): Json => ({ href: addresses[name] });
  return {
    self: link('url'),
    html: link('html_url'),
    issue: link('issue_url'),
    comments: link('comments_url'),
    review_comments: link('review_comments_url'),
    review_comment: link('review_comment_url'),
    commits: link('commits_url'),
    statuses: link('statuses_url'),
  };
}
