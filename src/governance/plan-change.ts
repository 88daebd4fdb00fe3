import { addExactly, decimal, distance } from '../kernel/decimal.ts';
import { isExactNumber, type Parameter, type Scalar } from '../kernel/scalar.ts';
import { boundsOf } from './bounds-of.ts';
import type { PromotionCandidate } from './candidate.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';

/**
 * The value that a candidate would make live: what the evidence recommends, or, with `on_step_exceeded = "clamp"`, the
 * next permitted step towards it. Where no permitted step exists (the live value is outside the bounds, or already at
 * their edge), the recommendation stands as it is, for the manual lane.
 */
export function planValue(
  { patch }: PromotionCandidate,
  live: Parameter | null,
  policy: AutoApplyPolicy,
): Scalar {
  const wanted = patch.value;
  if (policy.auto.on_step_exceeded !== 'clamp' || !isExactNumber(wanted) || typeof live?.value !== 'number')
    return wanted;
  const all = boundsOf(patch.target, policy);
  if (all.length === 0) return wanted;
  const step = Math.min(...all.map(({ max_step }) => max_step));
  const low = Math.max(addExactly(live.value, -step), ...all.map(({ min }) => min));
  const high = Math.min(addExactly(live.value, step), ...all.map(({ max }) => max));
  const clamped = Math.min(Math.max(wanted, low), high);
  const next = live.type === 'integer' ? towards(clamped, live.value) : clamped;
  const permitted = low <= next && next <= high && !distance(next, live.value).gt(decimal(step));
  const between = next > live.value ? next <= wanted : next < live.value && next >= wanted;
  return permitted && between ? next : wanted;
}

/** The whole number between a value and the live one that is nearest to the value. */
function towards(value: number, live: number): number {
  const whole = value > live ? Math.floor(value) : Math.ceil(value);
  return whole === 0 ? 0 : whole;
}
