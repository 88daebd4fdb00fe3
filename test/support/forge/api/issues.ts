import {
  type Answer,
  created,
  noContent,
  numberIn,
  ok,
  paramIn,
  type RepositoryCall,
  textOf,
  textsOf,
} from '../http/call.ts';
import { invalid, notFound } from '../http/refusal.ts';
import { viewIssue, viewIssueEvent, viewLabel, viewLabels } from '../views/issue-view.ts';
import type { Issue, Label } from '../world/model.ts';
import { assertAuthorOr } from './actor-of.ts';
import { changeIssue, changeLabels, createIssueRecord, emitIssue, ensureLabel } from './change-issue.ts';

/** `GET issues`: pull requests, too, as on GitHub. */
export function listIssues({ world, repository, query }: RepositoryCall): Answer {
  const state = query['state'] ?? 'open';
  const labels = query['labels']?.split(',') ?? [];
  const creator = query['creator'];
  const issues = [...repository.issues.values()].filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      (creator === undefined || issue.author.login === creator) &&
      labels.every((label) => issue.labels.includes(label)),
  );
  const key = query['sort'] === 'updated' ? 'updatedAt' : 'createdAt';
  issues.sort((a, b) => a[key] - b[key] || a.number - b.number);
  if ((query['direction'] ?? 'desc') === 'desc') issues.reverse();
  return ok(issues.map((issue) => viewIssue(world, repository, issue)));
}

/** `GET issues/{issue_number}`: says who closed it. */
export function getIssue(call: RepositoryCall): Answer {
  return ok(viewIssue(call.world, call.repository, findIssue(call)));
}

/** `POST issues`. */
export function createIssue(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const issue = createIssueRecord(call, {
    title: String(body['title'] ?? ''),
    body: textOf(body, 'body') ?? null,
  });
  issue.labels = (textsOf(body, 'labels') ?? []).map((name) => ensureLabel(world, repository, name).name);
  repository.issues.set(issue.number, issue);
  emitIssue(call, issue, { action: 'opened' });
  return created(viewIssue(world, repository, issue));
}

/** `PATCH issues/{issue_number}`. */
export function updateIssue(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const issue = findIssue(call);
  const labels = textsOf(body, 'labels');
  assertAuthorOr(call, issue.author, 'triage');
  if (labels !== undefined) changeLabels(call, issue, labels);
  changeIssue(call, issue);
  return ok(viewIssue(world, repository, issue));
}

/** `GET issues/{issue_number}/events`. */
export function listIssueEvents(call: RepositoryCall): Answer {
  const { world, repository } = call;
  return ok(findIssue(call).events.map((event) => viewIssueEvent(world, repository, event)));
}

/** `GET issues/{issue_number}/labels`. */
export function listIssueLabels(call: RepositoryCall): Answer {
  return ok(viewLabels(call.world, call.repository, findIssue(call).labels));
}

/** `POST issues/{issue_number}/labels`: adds. */
export function addLabels(call: RepositoryCall): Answer {
  const issue = findIssue(call);
  return setTo(call, issue, [...issue.labels, ...(textsOf(call.body, 'labels') ?? [])]);
}

/** `PUT issues/{issue_number}/labels`: replaces. */
export function setLabels(call: RepositoryCall): Answer {
  return setTo(call, findIssue(call), textsOf(call.body, 'labels') ?? []);
}

/** `DELETE issues/{issue_number}/labels/{name}`. */
export function removeLabel(call: RepositoryCall): Answer {
  const issue = findIssue(call);
  const name = paramIn(call, 'name');
  const isSame = (label: string): boolean => label.toLowerCase() === name.toLowerCase();
  if (!issue.labels.some(isSame)) throw notFound();
  return setTo(
    call,
    issue,
    issue.labels.filter((label) => !isSame(label)),
  );
}

/** `GET labels`. */
export function listLabels({ world, repository }: RepositoryCall): Answer {
  return ok(repository.labels.map((label) => viewLabel(world, repository, label)));
}

/** `POST labels`: 422 when there is one of that name. */
export function createLabel({ world, repository, body }: RepositoryCall): Answer {
  const name = textOf(body, 'name') ?? '';
  if (repository.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())) {
    throw invalid('Label', 'name', 'already_exists');
  }
  const label = ensureLabel(world, repository, name);
  applyLabel(label, textOf(body, 'color'), textOf(body, 'description'));
  return created(viewLabel(world, repository, label));
}

/** `GET labels/{name}`. */
export function getLabel(call: RepositoryCall): Answer {
  return ok(viewLabel(call.world, call.repository, findLabel(call)));
}

/** `PATCH labels/{name}`: a new name follows to the issues that have it. */
export function updateLabel(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const label = findLabel(call);
  const name = textOf(body, 'new_name') ?? label.name;
  for (const issue of repository.issues.values()) {
    issue.labels = issue.labels.map((entry) => (entry === label.name ? name : entry));
  }
  label.name = name;
  applyLabel(label, textOf(body, 'color'), textOf(body, 'description'));
  return ok(viewLabel(world, repository, label));
}

/** `DELETE labels/{name}`. */
export function deleteLabel(call: RepositoryCall): Answer {
  const { repository } = call;
  const label = findLabel(call);
  repository.labels.splice(repository.labels.indexOf(label), 1);
  for (const issue of repository.issues.values()) {
    issue.labels = issue.labels.filter((name) => name !== label.name);
  }
  return noContent();
}

/** The issue or pull request in the path; 404 when there is none. */
export function findIssue(call: RepositoryCall): Issue {
  const issue = call.repository.issues.get(numberIn(call, 'issue_number'));
  if (issue === undefined) throw notFound();
  return issue;
}

function setTo(call: RepositoryCall, issue: Issue, names: readonly string[]): Answer {
  changeLabels(call, issue, names);
  return ok(viewLabels(call.world, call.repository, issue.labels));
}

function findLabel(call: RepositoryCall): Label {
  const name = paramIn(call, 'name').toLowerCase();
  const label = call.repository.labels.find((entry) => entry.name.toLowerCase() === name);
  if (label === undefined) throw notFound();
  return label;
}

function applyLabel(label: Label, color: string | undefined, description: string | undefined): void {
  if (color !== undefined) label.color = color;
  if (description !== undefined) label.description = description;
}
