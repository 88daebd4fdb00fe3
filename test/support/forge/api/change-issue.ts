import { appOf } from '../auth/actor.ts';
import { type RepositoryCall, textOf } from '../http/call.ts';
import { invalid } from '../http/refusal.ts';
import { viewIssue, viewLabel } from '../views/issue-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Issue, Json, Label, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { actorOf } from './actor-of.ts';
import { closeIssue, closePull, emitPull, noteEvent } from './close-pull.ts';

/** Characters that GitHub takes as the body of an issue, pull request or comment. */
const LONGEST_BODY = 65_536;
/** And as a title: https://docs.github.com/rest/issues/issues, found out by trying. */
const LONGEST_TITLE = 256;

/** A new issue, or the issue half of a new pull request; it is not in the repository yet. */
export function createIssueRecord(
  call: RepositoryCall,
  { title, body }: { readonly title: string; readonly body: string | null },
): Issue {
  const { world, repository } = call;
  assertTexts(title, body);
  return {
    id: world.nextId(),
    number: Math.max(0, ...repository.issues.keys()) + 1,
    author: actorOf(call),
    byApp: appOf(call.actor),
    title,
    body,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    createdAt: world.clock(),
    updatedAt: world.clock(),
    closedAt: null,
    closedBy: null,
    events: [],
  };
}

/**
 * Applies title, body and state of a `PATCH` to an issue or pull request, and says what changed: one `edited` for text
 * (none when nothing changed), one `closed` or `reopened`.
 */
export function changeIssue(call: RepositoryCall, issue: Issue, changed: Json = {}): void {
  const { world, body } = call;
  const changes: Record<string, unknown> = { ...changed };
  const title = textOf(body, 'title');
  const text = body['body'] === null ? null : textOf(body, 'body');
  assertTexts(title ?? '', text ?? null);
  if (title !== undefined && title !== issue.title) {
    changes['title'] = { from: issue.title };
    issue.title = title;
  }
  if (text !== undefined && text !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = text;
  }
  if (Object.keys(changes).length > 0) {
    issue.updatedAt = world.clock();
    emitIssue(call, issue, { action: 'edited', more: { changes } });
  }
  changeState(call, issue);
}

/** Makes the labels of an issue these, creating what the repository does not have; says which came and went. */
export function changeLabels(call: RepositoryCall, issue: Issue, names: readonly string[]): void {
  const { world, repository } = call;
  const wanted = [...new Set(names.map((name) => ensureLabel(world, repository, name).name))];
  const added = wanted.filter((name) => !issue.labels.includes(name));
  const removed = issue.labels.filter((name) => !wanted.includes(name));
  issue.labels = wanted;
  for (const name of added) sayLabel(call, issue, { name, action: 'labeled' });
  for (const name of removed) sayLabel(call, issue, { name, action: 'unlabeled' });
}

/** The label of that name, in any case; created when there is none. */
export function ensureLabel(world: World, repository: Repository, name: string): Label {
  const found = repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const label = { id: world.nextId(), name, color: 'ededed', description: '' };
  repository.labels.push(label);
  return label;
}

/** 422 for a body beyond GitHub's limit. */
export function assertBody(body: string | null): void {
  if (body !== null && body.length > LONGEST_BODY) throw invalid('Issue', 'body', 'body is too long');
}

function assertTexts(title: string, body: string | null): void {
  if (title.length > LONGEST_TITLE) throw invalid('Issue', 'title', 'title is too long');
  assertBody(body);
}

function changeState(call: RepositoryCall, issue: Issue): void {
  const { world, repository, body } = call;
  const state = textOf(body, 'state');
  if (state === undefined || state === issue.state) return;
  const actor = actorOf(call);
  const pull = repository.pulls.get(issue.number);
  if (state === 'closed' && pull !== undefined) {
    closePull(world, repository, { pull, actor });
    return;
  }
  if (state === 'closed') {
    closeIssue(world, issue, actor);
    issue.stateReason = textOf(body, 'state_reason') ?? 'completed';
  } else {
    issue.state = 'open';
    issue.stateReason = pull === undefined ? 'reopened' : null;
    issue.closedAt = null;
    issue.closedBy = null;
    issue.updatedAt = world.clock();
    noteEvent(world, issue, { event: 'reopened', actor });
  }
  emitIssue(call, issue, { action: state === 'closed' ? 'closed' : 'reopened' });
}

function sayLabel(
  call: RepositoryCall,
  issue: Issue,
  { name, action }: { readonly name: string; readonly action: 'labeled' | 'unlabeled' },
): void {
  const { world, repository } = call;
  issue.updatedAt = world.clock();
  noteEvent(world, issue, { event: action, actor: actorOf(call), label: name });
  const label = viewLabel(world, repository, ensureLabel(world, repository, name));
  emitIssue(call, issue, { action, more: { label } });
}

/** Sends `pull_request` for a pull request, `issues` for an issue. */
export function emitIssue(
  call: RepositoryCall,
  issue: Issue,
  { action, more = {} }: { readonly action: string; readonly more?: Json },
): void {
  const { world, repository } = call;
  const actor = actorOf(call);
  const pull = repository.pulls.get(issue.number);
  if (pull !== undefined) {
    emitPull(world, repository, { pull, actor, action, more });
    return;
  }
  const view = viewIssue(world, repository, issue);
  emitEvent(world, repository, { event: 'issues', sender: actor, payload: { action, ...more, issue: view } });
}
