import type { AutoApplyBounds, AutoApplyPolicy } from './policy-schema.ts';
import { tagsOf } from './tags.ts';

/**
 * The bounds that a target must keep in the auto lane: its own entry, or else those of all its tags. Only tags that the
 * policy or the target's words give count: evidence must not be able to lend a target bounds that open the auto lane.
 * Empty means that nothing is set, which never opens it.
 */
export function boundsOf(target: string, policy: AutoApplyPolicy): readonly AutoApplyBounds[] {
  const own = entry(policy, target);
  if (own !== undefined) return [own];
  return tagsOf(target, [], policy).flatMap((tag) => entry(policy, tag) ?? []);
}

function entry(policy: AutoApplyPolicy, name: string): AutoApplyBounds | undefined {
  return Object.hasOwn(policy.bounds, name) ? policy.bounds[name] : undefined;
}
