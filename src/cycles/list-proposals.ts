import { type ProposalMeta, parseProposalMeta } from '../governance/index.ts';
import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import type { WorkTree } from './work-tree-port.ts';

/** A proposal folder of the work tree. */
export interface ListedProposal {
  readonly id: string;
  readonly path: string;
  readonly meta: ProposalMeta;
}

/** Proposal folders, newest first. Folders without readable metadata are named as problems. */
export function listProposals(workTree: WorkTree): {
  readonly proposals: readonly ListedProposal[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const proposals = workTree
    .listNames(PROPOSALS_PATH)
    .filter((name) => name.startsWith('live_promotion_'))
    .flatMap((id) => {
      const path = `${PROPOSALS_PATH}/${id}`;
      const meta = parseProposalMeta(
        workTree.readText(`${path}/proposal_meta.json`) ?? '',
        `${path}/proposal_meta.json`,
      );
      if (meta.ok) return [{ id, path, meta: meta.value }];
      problems.push(...meta.problems);
      return [];
    });
  return { proposals: proposals.reverse(), problems };
}
