import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { formatInstant } from '../kernel/instant.ts';
import { formatPatchesArtifact, formatProposalMeta, toPatchRecords, toProposalMeta } from './artifacts.ts';
import { formatChecklist } from './checklist.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';
import type { PromotionProposal } from './proposal.ts';

/** The three artifacts of a proposal, path → text (seed.md §3.4). */
export function formatProposalFolder(
  proposal: PromotionProposal,
  policy: AutoApplyPolicy,
): ReadonlyMap<string, string> {
  const folder = `${PROPOSALS_PATH}/${proposal.proposalId}`;
  const clock = formatInstant(proposal.meta.clock);
  const records = toPatchRecords(proposal.patches, proposal.decisions);
  return new Map([
    [`${folder}/OPERATOR_CHECKLIST.md`, formatChecklist(proposal, policy)],
    [`${folder}/config_patches.json`, formatPatchesArtifact(proposal.proposalId, clock, records)],
    [`${folder}/proposal_meta.json`, formatProposalMeta(toProposalMeta(proposal))],
  ]);
}
