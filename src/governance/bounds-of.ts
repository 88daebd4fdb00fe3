import { hasWord, patternNames } from '../kernel/target.ts';
import { type AutoApplyBounds, type AutoApplyPolicy, WORD_TAGS } from './policy-schema.ts';
import { tagsOf } from './tags.ts';

/**
 * The bounds that a target must keep in the auto lane: its own entry, or else those of all its tags. Bounds open the auto
 * lane, so they must be meant: evidence cannot lend any, and neither can a pattern of the policy that covers the target
 * without naming it; such a pattern's bounds only restrict further. Empty means that nothing is set.
 */
export function boundsOf(target: string, policy: AutoApplyPolicy): readonly AutoApplyBounds[] {
  const own = entry(policy, target);
  if (own !== undefined) return [own];
  const tags = tagsOf(target, [], policy).filter((tag) => entry(policy, tag) !== undefined);
  if (!tags.some((tag) => isMeant(tag, target, policy))) return [];
  return tags.flatMap((tag) => entry(policy, tag) ?? []);
}

/** Whether a word of the target is the tag, or a pattern of the tag names the target. */
function isMeant(tag: string, target: string, policy: AutoApplyPolicy): boolean {
  const byWord = (WORD_TAGS as readonly string[]).includes(tag) && hasWord(target, tag);
  return byWord || (policy.tags[tag] ?? []).some((pattern) => patternNames(pattern, target));
}

function entry(policy: AutoApplyPolicy, name: string): AutoApplyBounds | undefined {
  return Object.hasOwn(policy.bounds, name) ? policy.bounds[name] : undefined;
}
