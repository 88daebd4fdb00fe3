import { hasWord, patternCovers } from '../kernel/target.ts';
import { type AutoApplyPolicy, WORD_TAGS } from './policy-schema.ts';

/**
 * The tags of a target: its words, the policy's patterns, and what the evidence adds, sorted. None can be removed by
 * anyone. Patterns are matched generously (case-insensitive, and everything below), because a tag can only restrict.
 */
export function tagsOf(
  target: string,
  signalTags: readonly string[],
  policy: AutoApplyPolicy,
): readonly string[] {
  const tags = [...signalTags, ...WORD_TAGS.filter((tag) => hasWord(target, tag))];
  for (const [tag, patterns] of Object.entries(policy.tags)) {
    if (patterns.some((pattern) => patternCovers(pattern, target))) tags.push(tag);
  }
  return tags.length < 2 ? tags : [...new Set(tags)].sort();
}
