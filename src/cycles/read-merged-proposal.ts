import { parseProposalCore } from '../governance/index.ts';
import type { MergedProposal, ReadProposal } from '../history/index.ts';

/** Reads what history needs of a proposal's metadata; null when it is none, or when it changes a target twice. */
export const readMergedProposal: ReadProposal = (text, file): MergedProposal | null => {
  const meta = parseProposalCore(text, file);
  if (!meta.ok) return null;
  const { proposal_id: id, lane, base_commit: baseCommit, changes } = meta.value;
  const targets = new Set(changes.map(({ target }) => target));
  if (targets.size !== changes.length) return null;
  return {
    id,
    lane,
    baseCommit,
    changes: changes.map(({ target, old, new: next }) => ({ target, old, new: next })),
  };
};
