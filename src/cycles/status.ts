import type { EffectiveMode } from '../governance/index.ts';
import { type AutoApplyPolicy, resolveMode } from '../governance/index.ts';
import { ok, type Result } from '../kernel/result.ts';
import { type Gathered, type GatherOptions, gather } from './gather.ts';
import { type ListedProposal, listProposals } from './list-proposals.ts';
import type { WorkTree } from './work-tree-port.ts';

/** A governed folder at a glance. */
export interface StatusReport {
  readonly gathered: Gathered;
  readonly policy: AutoApplyPolicy;
  readonly mode: EffectiveMode;
  /** Newest first. */
  readonly proposals: readonly ListedProposal[];
}

/** Reads everything and derives nothing. */
export function readStatus(workTree: WorkTree, options: GatherOptions): Result<StatusReport> {
  const gathered = gather(workTree, options);
  if (!gathered.ok) return gathered;
  const { policy, policyText } = gathered.value;
  const mode = resolveMode(policy, null, policyText.text, policyText.file);
  if (!mode.ok) return mode;
  return ok({
    gathered: gathered.value,
    policy,
    mode: mode.value,
    proposals: listProposals(workTree).proposals,
  });
}
