import { type Answer, numberIn, ok, type RepositoryCall, textOf } from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { viewReview } from '../views/pull-view.ts';
import type { Pull, Review } from '../world/model.ts';
import { actorOf } from './actor-of.ts';
import { dismissReview, emitReview } from './dismiss-review.ts';
import { findPull } from './pulls.ts';

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

/** `GET pulls/{pull_number}/reviews`: oldest first; drafts are their author's only. */
export function listReviews(call: RepositoryCall): Answer {
  const { world, repository, actor } = call;
  const pull = findPull(call);
  const isOwn = (review: Review): boolean => actor.kind === 'token' && actor.account === review.author;
  const shown = pull.reviews.filter((review) => review.state !== 'PENDING' || isOwn(review));
  return ok(shown.map((review) => viewReview(world, repository, { pull, review })));
}

/** `GET pulls/{pull_number}/reviews/{review_id}`. */
export function getReview(call: RepositoryCall): Answer {
  return ok(viewReview(call.world, call.repository, findReview(call)));
}

/** `POST pulls/{pull_number}/reviews`: 422 for an opinion on one's own; without an event it is a draft. */
export function createReview(call: RepositoryCall): Answer {
  const { world, body } = call;
  const pull = findPull(call);
  const review: Review = {
    id: world.nextId(),
    author: actorOf(call),
    state: 'PENDING',
    body: textOf(body, 'body') ?? '',
    commit: textOf(body, 'commit_id') ?? pull.head.sha,
    submittedAt: world.clock(),
  };
  const event = textOf(body, 'event');
  if (event !== undefined) assertOpinion(call, pull, event);
  pull.reviews.push(review);
  return event === undefined ? show(call, { pull, review }) : submit(call, { pull, review }, event);
}

/** `POST pulls/{pull_number}/reviews/{review_id}/events`: submits a draft. */
export function submitReview(call: RepositoryCall): Answer {
  const { pull, review } = findReview(call);
  const event = textOf(call.body, 'event') ?? 'COMMENT';
  assertOpinion(call, pull, event);
  if (review.state !== 'PENDING') throw new Refusal(422, 'Could not submit a review that was submitted.');
  return submit(call, { pull, review }, event);
}

/** `PUT pulls/{pull_number}/reviews/{review_id}`: changes its text. */
export function updateReview(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const found = findReview(call);
  const text = textOf(body, 'body') ?? '';
  const { review } = found;
  if (review.author !== actorOf(call)) throw new Refusal(403, 'Can only edit an own review.');
  if (text !== review.body) {
    const changes = { body: { from: review.body } };
    review.body = text;
    emitReview(world, repository, { ...found, actor: actorOf(call), action: 'edited', changes });
  }
  return show(call, found);
}

/** `PUT pulls/{pull_number}/reviews/{review_id}/dismissals`: 422 unless it is an opinion. */
export function dismissReviewByHand(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const found = findReview(call);
  if (!['APPROVED', 'CHANGES_REQUESTED'].includes(found.review.state)) {
    throw new Refusal(422, 'Can not dismiss a commented pull request review');
  }
  dismissReview(world, repository, { ...found, actor: actorOf(call) });
  return show(call, found);
}

interface FoundReview {
  readonly pull: Pull;
  readonly review: Review;
}

function findReview(call: RepositoryCall): FoundReview {
  const pull = findPull(call);
  const review = pull.reviews.find(({ id }) => id === numberIn(call, 'review_id'));
  if (review === undefined) throw notFound();
  return { pull, review };
}

function assertOpinion(call: RepositoryCall, pull: Pull, event: string): void {
  const { actor, repository } = call;
  const isOwn = pull.issue.author === actorOf(call);
  if (isOwn && event !== 'COMMENT') throw new Refusal(422, 'Can not approve your own pull request');
  const isWorkflow = actor.kind === 'token' && actor.token.workflow;
  if (isWorkflow && event === 'APPROVE' && !repository.actions.mayApprove) {
    throw new Refusal(422, 'GitHub Actions is not permitted to approve pull requests.');
  }
}

function submit(call: RepositoryCall, { pull, review }: FoundReview, event: string): Answer {
  const { world, repository } = call;
  review.state = STATES[event as keyof typeof STATES];
  pull.reviewers = pull.reviewers.filter((account) => account !== review.author);
  emitReview(world, repository, { pull, review, actor: actorOf(call), action: 'submitted' });
  return show(call, { pull, review });
}

function show({ world, repository }: RepositoryCall, found: FoundReview): Answer {
  return ok(viewReview(world, repository, found));
}
