import { DAY_MS, HOUR_MS, type Instant, instantFromMs } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';

/** One change of one live value that really happened; null where the base configuration had no such parameter. */
export interface Move {
  readonly target: string;
  readonly from: Scalar | null;
  readonly to: Scalar | null;
  readonly at: Instant;
  /** `configuration`: an edit of the base configuration. `unexplained`: nothing in Git says why. */
  readonly kind: 'promotion' | 'rollback' | 'configuration' | 'unexplained';
  /** Whether operators decided it: a promotion of the manual lane. */
  readonly byOperators: boolean;
}

/** What rules may know of the past: every move of the window that the policy needs, oldest first. */
export interface HistoryView {
  readonly moves: readonly Move[];
  readonly byTarget: ReadonlyMap<string, readonly Move[]>;
}

/** Moves, oldest first, as rules look at them. */
export function buildHistoryView(moves: readonly Move[]): HistoryView {
  const byTarget = new Map<string, Move[]>();
  for (const move of moves) {
    const own = byTarget.get(move.target);
    if (own === undefined) byTarget.set(move.target, [move]);
    else own.push(move);
  }
  return { moves, byTarget };
}

/** Days of a week's budget: today and the six before (product.md §4). */
export const WEEK_DAYS = 7;

/**
 * From when on a policy needs the history: the longest of its windows before `now`. Null: from its beginning, because holds do not end by
 * themselves (ADR 0011). They close the auto lane only, so without one nothing before the windows is asked for.
 */
export function historyStart(
  { promotion, budgets, evidence }: AutoApplyPolicy,
  now: Instant,
): Instant | null {
  const { hold_days: holdDays } = budgets;
  if (holdDays === undefined && promotion.mode === 'bounded_auto') return null;
  // A clamped step asks whether the evidence is newer than the last promotion: what has expired is not asked.
  const days = Math.max(WEEK_DAYS, budgets.window_days, holdDays ?? 0, evidence.max_age_days);
  return instantFromMs(now - Math.max(days * DAY_MS, budgets.cooldown_hours * HOUR_MS));
}
