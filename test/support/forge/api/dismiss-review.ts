import { viewReview, viewSimplePull } from '../views/pull-view.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Account, Json, Pull, Repository, Review } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** Whose review of which pull request, and who acts. */
export interface ReviewAction {
  readonly pull: Pull;
  readonly review: Review;
  readonly actor: Account;
}

/** Makes a review count no more, and says so. */
export function dismissReview(world: World, repository: Repository, action: ReviewAction): void {
  action.review.state = 'DISMISSED';
  emitReview(world, repository, { ...action, action: 'dismissed' });
}

/** Sends `pull_request_review`, which shows the state in lower case. */
export function emitReview(
  world: World,
  repository: Repository,
  {
    pull,
    review,
    actor,
    action,
    changes,
  }: ReviewAction & { readonly action: string; readonly changes?: Json },
): void {
  const view = viewReview(world, repository, { pull, review });
  emitEvent(world, repository, {
    event: 'pull_request_review',
    sender: actor,
    payload: {
      action,
      ...(changes === undefined ? {} : { changes }),
      review: { ...view, state: review.state.toLowerCase(), updated_at: view['submitted_at'] },
      pull_request: viewSimplePull(world, repository, pull),
    },
  });
}
