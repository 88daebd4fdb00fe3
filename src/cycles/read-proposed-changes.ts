import { type ProposalMeta, parseProposalMeta } from '../governance/index.ts';
import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { proposalIdsIn, readCommitted } from './committed-files.ts';
import type { GitRepository, TreeFile } from './git-port.ts';

/** The changes of the proposals that a head adds to the base; a proposal that cannot be read has none. */
export async function readProposedChanges(
  git: Pick<GitRepository, 'list' | 'read'>,
  head: string,
  committed: ReadonlyMap<string, TreeFile>,
): Promise<ProposalMeta['changes']> {
  const held = await readCommitted(git, head, [PROPOSALS_PATH], (path) => !committed.has(path));
  return [...proposalIdsIn(held.texts.keys())].flatMap((id) => {
    const file = `${PROPOSALS_PATH}/${id}/proposal_meta.json`;
    const meta = parseProposalMeta(held.texts.get(file) ?? '', file);
    return meta.ok ? meta.value.changes : [];
  });
}
