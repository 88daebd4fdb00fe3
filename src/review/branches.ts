import type { Lane } from '../governance/index.ts';

/** The branch of each lane (product.md §6). */
export const LANE_BRANCHES: Readonly<Record<Lane, string>> = {
  auto: 'peak/promotion/auto',
  manual: 'peak/promotion/manual',
};

/** Where new evidence goes when there is nothing to propose. */
export const EVIDENCE_BRANCH = 'peak/evidence';

/** Every branch that this tool writes. */
export const OUR_BRANCHES: readonly string[] = [...Object.values(LANE_BRANCHES), EVIDENCE_BRANCH];
