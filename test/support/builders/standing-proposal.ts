import {
  type AutoApplyPolicy,
  formatProposalFolder,
  type Lane,
  parsePatchesArtifact,
  parseProposalMeta,
} from '../../../src/governance/index.ts';
import type { StandingProposal } from '../../../src/review/promotion-text.ts';
import { runCycle } from './cycle.ts';
import { buildPolicy } from './policy.ts';

/** Where the links of a test lead. */
export const WEB = { server: 'https://github.com', repository: 'acme/trading', prefix: '' } as const;

const HEAD = 'c0ffee00'.repeat(5);

/** The proposal of a lane as it would stand on its branch, read back from its own files. */
export function standingProposal(
  documents: Readonly<Record<string, unknown>>,
  lane: Lane,
  overrides: Partial<StandingProposal> & { readonly policy?: AutoApplyPolicy } = {},
): StandingProposal {
  const policy = overrides.policy ?? buildPolicy();
  const { proposals } = runCycle(documents, { policy });
  const proposal = proposals.find((one) => one.lane === lane);
  if (proposal === undefined) throw new Error(`nothing proposed in the ${lane} lane`);
  const files = [...formatProposalFolder(proposal, policy)];
  const read = (name: string) => files.find(([path]) => path.endsWith(name))?.[1] ?? '';
  const meta = parseProposalMeta(read('proposal_meta.json'), '');
  const patches = parsePatchesArtifact(read('config_patches.json'), '');
  if (!meta.ok || !patches.ok) throw new Error('the proposal cannot be read back');
  return {
    meta: meta.value,
    patches: patches.value.patches,
    policy,
    head: HEAD,
    web: WEB,
    previousBody: null,
    ...overrides,
  };
}
