import type { Parameter } from '../kernel/scalar.ts';
import { emptyOverrideFile, type OverrideFile } from '../liveconfig/index.ts';
import { isListed, isNeverTarget } from './candidate.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';
import type { PromotionProposal } from './proposal.ts';

/** What stands at the head of an `auto.toml` that is written anew. */
export const AUTO_TOML_HEADER: readonly string[] = [
  '# What goes live beside the base configuration. Changed by promotion and rollback only: merging a promotion writes a line,',
  '# reverting it takes the line back. To run on base values at once, see "Rollback" in the documentation.',
];

/** The targets that have a line of their own in `auto.toml`: eligible, known, and never hidden (ADR 0003). */
export function promotableTargets(
  parameters: ReadonlyMap<string, Parameter>,
  policy: AutoApplyPolicy,
): ReadonlySet<string> {
  return new Set(
    [...parameters.keys()].filter((target) => isListed(target, policy) && !isNeverTarget(target, policy)),
  );
}

/**
 * `auto.toml` with the changes of these proposals made, and nothing else touched. `current` is null when there is no file.
 * Pure: deciding whether that may be written is the caller's.
 */
export function applyProposalsToLiveOverrides(
  proposals: readonly PromotionProposal[],
  current: OverrideFile | null,
  slots: ReadonlySet<string>,
): OverrideFile {
  const file = current ?? emptyOverrideFile('auto_applied', AUTO_TOML_HEADER);
  const overrides = new Map<string, Parameter>(file.overrides);
  for (const { changes } of proposals) {
    for (const { target, type, new: value } of changes) overrides.set(target, { value, type });
  }
  return { ...file, slots: new Set([...file.slots, ...slots]), overrides };
}
