import { type AutoApplyPolicy, boundsOf } from '../governance/index.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { hardLimitOf } from '../liveconfig/index.ts';

/**
 * Whether a target's new value is riskier than its old one, as the policy declares it (`riskier`; leverage: higher, also where
 * nothing is declared). Null where no direction is declared, or the values are no numbers.
 */
export function isRiskier(
  target: string,
  change: { readonly before: Parameter | undefined; readonly after: Parameter | undefined },
  policy: AutoApplyPolicy,
): boolean | null {
  const directions = new Set(boundsOf(target, policy).flatMap(({ riskier }) => riskier ?? []));
  if (directions.size === 0 && hardLimitOf(target) !== null) directions.add('higher');
  const [from, to] = [change.before?.value, change.after?.value];
  if (directions.size === 0 || typeof from !== 'number' || typeof to !== 'number') return null;
  return (directions.has('higher') && to > from) || (directions.has('lower') && to < from);
}
