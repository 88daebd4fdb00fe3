import { DAY_MS, type Instant, instantFromMs } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import type { ConfigPatch } from '../learning/index.ts';

/** How long an operator's "no" holds at least (product.md §6). */
const DECLINE_DAYS = 14;

/** A value of a target that an operator refused, by closing the bot's pull request or in a comment on it. An input of the derivation. */
export interface DeclinedChange {
  readonly target: string;
  readonly value: Scalar;
  /** When the pull request was closed, or the value was declined on it. */
  readonly closedAt: Instant;
  /** Number of that pull request. */
  readonly pullRequest: number;
}

/** Earliest end of a "no". */
export function declineEnds({ closedAt }: Pick<DeclinedChange, 'closedAt'>): Instant {
  return instantFromMs(closedAt + DECLINE_DAYS * DAY_MS);
}

/**
 * Whether a "no" to this value of the patch's target still holds: until 14 days have passed *and* an experiment was first
 * reported after the close. Undated evidence proves nothing.
 */
export function isDeclined(
  declined: DeclinedChange,
  { target, newestExperiment }: Pick<ConfigPatch, 'target' | 'newestExperiment'>,
  change: { readonly planned: Scalar; readonly now: Instant },
): boolean {
  if (declined.target !== target || declined.value !== change.planned) return false;
  const isFresh = newestExperiment !== null && newestExperiment > declined.closedAt;
  return !isFresh || change.now < declineEnds(declined);
}
