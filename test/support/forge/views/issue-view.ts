import type { Comment, Issue, IssueEvent, Json, Label, Reaction, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { associationOf, viewAccount, viewApp } from './account-view.ts';
import { iso, isoOrNull, nodeId, repositoryApi, repositoryPage } from './urls.ts';

/** GitHub's reactions, https://docs.github.com/rest/reactions. */
const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'];

/** `label`. */
export function viewLabel(world: World, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: repositoryApi(world, repository, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    description: label.description,
    color: label.color,
    default: false,
  };
}

/** The labels of an issue, in the order in which they were given. */
export function viewLabels(world: World, repository: Repository, names: readonly string[]): readonly Json[] {
  const known = names.flatMap((name) => repository.labels.filter((label) => label.name === name));
  return known.map((label) => viewLabel(world, repository, label));
}

/** `issue`, of a pull request, too. */
export function viewIssue(world: World, repository: Repository, issue: Issue): Json {
  const url = repositoryApi(world, repository, `/issues/${issue.number}`);
  const isPull = repository.pulls.has(issue.number);
  const assignees = issue.assignees.map((account) => viewAccount(world, account));
  return {
    id: issue.id,
    node_id: nodeId('I', issue.id),
    url,
    repository_url: repositoryApi(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: repositoryPage(world, repository, `/${isPull ? 'pull' : 'issues'}/${issue.number}`),
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: viewAccount(world, issue.author),
    labels: viewLabels(world, repository, issue.labels),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: repository.comments.filter((comment) => comment.issue === issue).length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    closed_by: issue.closedBy === null ? null : viewAccount(world, issue.closedBy),
    author_association: associationOf(world, repository, issue.author),
    performed_via_github_app: issue.byApp === null ? null : viewApp(world, issue.byApp),
    reactions: viewReactionCounts(url, []),
    ...(isPull ? { pull_request: viewPullLinks(world, repository, issue) } : {}),
  };
}

function viewPullLinks(world: World, repository: Repository, { number }: Issue): Json {
  const page = repositoryPage(world, repository, `/pull/${number}`);
  return {
    url: repositoryApi(world, repository, `/pulls/${number}`),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: isoOrNull(repository.pulls.get(number)?.mergedAt ?? null),
  };
}

/** `issue-comment`. */
export function viewComment(world: World, repository: Repository, comment: Comment): Json {
  const { issue } = comment;
  const url = repositoryApi(world, repository, `/issues/comments/${comment.id}`);
  const kind = repository.pulls.has(issue.number) ? 'pull' : 'issues';
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url,
    html_url: repositoryPage(world, repository, `/${kind}/${issue.number}#issuecomment-${comment.id}`),
    issue_url: repositoryApi(world, repository, `/issues/${issue.number}`),
    user: viewAccount(world, comment.author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: associationOf(world, repository, comment.author),
    performed_via_github_app: comment.byApp === null ? null : viewApp(world, comment.byApp),
    reactions: viewReactionCounts(url, comment.reactions),
  };
}

/** `reaction`. */
export function viewReaction(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: viewAccount(world, reaction.author),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  };
}

function viewReactionCounts(url: string, reactions: readonly Reaction[]): Json {
  const counts = REACTIONS.map((content) => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ]);
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}

/** `issue-event`. */
export function viewIssueEvent(world: World, repository: Repository, event: IssueEvent): Json {
  return {
    id: event.id,
    node_id: nodeId('E', event.id),
    url: repositoryApi(world, repository, `/issues/events/${event.id}`),
    actor: viewAccount(world, event.actor),
    event: event.event,
    commit_id: event.commit,
    commit_url: event.commit === null ? null : repositoryApi(world, repository, `/commits/${event.commit}`),
    created_at: iso(event.at),
    performed_via_github_app: null,
    ...(event.label === null ? {} : { label: { name: event.label, color: 'ededed' } }),
  };
}
