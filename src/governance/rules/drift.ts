import { type Decimal, decimal, distance, formatDecimal } from '../../kernel/decimal.ts';
import { DAY_MS, type Instant, instantFromMs } from '../../kernel/instant.ts';
import { formatScalar, type Scalar } from '../../kernel/scalar.ts';
import { narrowestWidth } from '../allocate-budgets.ts';
import type { Move } from '../history-view.ts';
import { HOLDS, type Rule } from './rule.ts';

/**
 * The planned value stays near every value that was live within the window: many permitted steps must not add up to a jump.
 * Where only time is in the way, the change waits; one that is too far from the value live now needs people.
 */
export const drift: Rule = {
  name: 'drift',
  check: ({ candidate: { patch }, live, planned }, { policy, now, history }) => {
    const width = narrowestWidth(patch.target, policy);
    if (history === null || live === null || width === null || typeof planned !== 'number') return HOLDS;
    const { window_days: days, max_drift_share: share } = policy.budgets;
    const limit = width.times(decimal(share));
    const start = now - days * DAY_MS;
    const moves = (history.byTarget.get(patch.target) ?? []).filter(({ at }) => at > start);
    const far = liveValues(moves, live.value, now)
      .map((past) => ({ ...past, distance: distanceTo(past.value, planned) }))
      .filter(({ distance: away }) => away?.gt(limit));
    const [farthest] = [...far].sort((a, b) => ((a.distance as Decimal).gt(b.distance as Decimal) ? -1 : 1));
    if (farthest === undefined) return HOLDS;
    const finding = {
      code: 'DRIFT',
      observed: `${formatDecimal(farthest.distance as Decimal)} from ${formatScalar(farthest.value, live.type)}`,
      required: `${formatDecimal(limit)} in ${days} days`,
    } as const;
    if (far.some(({ until }) => until === now)) return [{ ...finding, effect: 'manual_only' }];
    const last = Math.max(...far.map(({ until }) => until));
    return [{ ...finding, effect: 'pending', until: instantFromMs(last + days * DAY_MS) }];
  },
};

/** Every value that was live since the window began, and until when; the last one still is. */
function liveValues(
  moves: readonly Move[],
  now: Scalar,
  clock: Instant,
): readonly { readonly value: Scalar; readonly until: Instant }[] {
  const past = moves.flatMap(({ from, at }) => (from === null ? [] : [{ value: from, until: at }]));
  return [...past, { value: now, until: clock }];
}

function distanceTo(value: Scalar, planned: number): Decimal | null {
  return typeof value === 'number' ? distance(planned, value) : null;
}
