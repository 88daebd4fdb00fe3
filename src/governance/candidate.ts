import { isSecretTarget } from '../kernel/secret.ts';
import { patternCovers, patternNames } from '../kernel/target.ts';
import type { ConfigPatch } from '../learning/index.ts';
import { isNeverOverridable } from '../liveconfig/index.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';
import { tagsOf } from './tags.ts';

/** A patch that governance looks at. */
export interface PromotionCandidate {
  readonly patch: ConfigPatch;
  /** Sorted. */
  readonly tags: readonly string[];
  /** False unless the policy lists the target and the evidence is confident enough (seed.md §3.1). */
  readonly eligibleForLive: boolean;
}

/** Turns patches into candidates. Patches that are live already, or whose evidence has expired, are none. */
export function buildPromotionCandidatesFromPatches(
  patches: readonly ConfigPatch[],
  policy: AutoApplyPolicy,
): readonly PromotionCandidate[] {
  return patches
    .filter(({ status }) => status !== 'PROMOTED' && status !== 'RETIRED')
    .map((patch) => ({
      patch,
      tags: tagsOf(patch.target, patch.tags, policy),
      eligibleForLive: isEligible(patch, policy),
    }));
}

/** Whether the policy lists a target and its evidence is confident enough. */
export function isEligible({ target, confidence, liveReady }: ConfigPatch, policy: AutoApplyPolicy): boolean {
  return (
    liveReady &&
    isListed(target, policy) &&
    confidence !== null &&
    confidence >= policy.eligibility.min_confidence
  );
}

/** Whether `[eligibility] targets` names a target. */
export function isListed(target: string, policy: AutoApplyPolicy): boolean {
  return policy.eligibility.targets.some((pattern) => patternNames(pattern, target));
}

/** Whether a target may never be promoted or shown: the policy's list, secrets by name, and what decides where overrides apply. */
export function isNeverTarget(target: string, policy: AutoApplyPolicy): boolean {
  if (isNeverOverridable(target) || isSecretTarget(target)) return true;
  return policy.never.targets.some((pattern) => patternCovers(pattern, target));
}
