import type { PullDecline } from '../../../src/review/index.ts';
import type { PullState } from '../../../src/review/state-schema.ts';

/** An operator's "no" to leverage, as a body holds it. */
export function buildDecline(overrides: Partial<PullDecline> = {}): PullDecline {
  return {
    target: 'portfolio.leverage',
    value: 1.25,
    at: '2026-11-21T22:00:00.000Z',
    by: 'peak-publisher[bot]',
    reason: 'too early (asked for by olivia in #1)',
    ...overrides,
  };
}

/** The state of an open promotion of the manual lane. */
export function buildPullState(overrides: Partial<PullState> = {}): PullState {
  return {
    version: 1,
    branch: 'peak/promotion/manual',
    head: 'ab'.repeat(20),
    proposal_id: 'live_promotion_20261122T030000Z_0badc0de',
    change_set_digest: 'cd'.repeat(32),
    closed: null,
    declined: [],
    ...overrides,
  };
}
