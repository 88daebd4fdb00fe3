import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a promotion that says "auto" of itself needs no approval',
  variants: {
    'in the metadata': (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/proposal_meta.json`, '"lane": "manual"', '"lane": "auto"'),
      ),
  },
  conclusion: 'failure',
  codes: ['NOTHING_DERIVED', 'LANE', 'LANE_NOT_BOT', 'LANE_UNPROTECTED', 'LANE_EVIDENCE_UNTRUSTED'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
