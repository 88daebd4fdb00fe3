import { appOf } from '../auth/actor.ts';
import { type Answer, created, noContent, numberIn, ok, type RepositoryCall, textOf } from '../http/call.ts';
import { notFound } from '../http/refusal.ts';
import { viewComment, viewIssue, viewReaction } from '../views/issue-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Comment, Json, Reaction } from '../world/model.ts';
import { actorOf, assertAuthorOr } from './actor-of.ts';
import { assertBody } from './change-issue.ts';
import { findIssue } from './issues.ts';

/** `GET issues/{issue_number}/comments`: oldest first. */
export function listComments(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const issue = findIssue(call);
  const comments = repository.comments.filter((comment) => comment.issue === issue);
  return ok(comments.map((comment) => viewComment(world, repository, comment)));
}

/** `POST issues/{issue_number}/comments`. */
export function createComment(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const text = textOf(body, 'body') ?? '';
  assertBody(text);
  const comment: Comment = {
    id: world.nextId(),
    issue: findIssue(call),
    author: actorOf(call),
    byApp: appOf(call.actor),
    body: text,
    createdAt: world.clock(),
    updatedAt: world.clock(),
    editedAt: null,
    reactions: [],
  };
  repository.comments.push(comment);
  comment.issue.updatedAt = world.clock();
  emitComment(call, comment, { action: 'created' });
  return created(viewComment(world, repository, comment));
}

/** `GET issues/comments/{comment_id}`. */
export function getComment(call: RepositoryCall): Answer {
  return ok(viewComment(call.world, call.repository, findComment(call)));
}

/** `PATCH issues/comments/{comment_id}`. */
export function updateComment(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const comment = findComment(call);
  assertAuthorOr(call, comment.author, 'write');
  const text = textOf(body, 'body') ?? '';
  assertBody(text);
  if (text !== comment.body) {
    const changes = { body: { from: comment.body } };
    comment.body = text;
    comment.updatedAt = world.clock();
    comment.editedAt = world.clock();
    emitComment(call, comment, { action: 'edited', changes });
  }
  return ok(viewComment(world, repository, comment));
}

/** `DELETE issues/comments/{comment_id}`. */
export function deleteComment(call: RepositoryCall): Answer {
  const { repository } = call;
  const comment = findComment(call);
  assertAuthorOr(call, comment.author, 'write');
  emitComment(call, comment, { action: 'deleted' });
  repository.comments.splice(repository.comments.indexOf(comment), 1);
  return noContent();
}

/** `POST issues/comments/{comment_id}/reactions`: 200 when the same reaction was there. */
export function createReaction(call: RepositoryCall): Answer {
  const { world, body } = call;
  const { reactions } = findComment(call);
  const author = actorOf(call);
  const content = textOf(body, 'content') ?? '';
  const found = reactions.find((entry) => entry.author === author && entry.content === content);
  if (found !== undefined) return ok(viewReaction(world, found));
  const reaction: Reaction = { id: world.nextId(), author, content, createdAt: world.clock() };
  reactions.push(reaction);
  return created(viewReaction(world, reaction));
}

/** `GET issues/comments/{comment_id}/reactions`. */
export function listReactions(call: RepositoryCall): Answer {
  return ok(findComment(call).reactions.map((reaction) => viewReaction(call.world, reaction)));
}

function findComment(call: RepositoryCall): Comment {
  const comment = call.repository.comments.find(({ id }) => id === numberIn(call, 'comment_id'));
  if (comment === undefined) throw notFound();
  return comment;
}

function emitComment(
  call: RepositoryCall,
  comment: Comment,
  { action, changes }: { readonly action: string; readonly changes?: Json },
): void {
  const { world, repository } = call;
  const issue = viewIssue(world, repository, comment.issue);
  const view = viewComment(world, repository, comment);
  const more = changes === undefined ? {} : { changes };
  const payload = { action, ...more, issue, comment: view };
  emitEvent(world, repository, { event: 'issue_comment', sender: actorOf(call), payload });
}
