import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a judge that does not know the rules cannot refuse',
  variants: {
    newer: (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/proposal_meta.json`, '"derivation_version": 1', '"derivation_version": 99'),
      ),
  },
  conclusion: 'action_required',
  codes: ['DERIVATION_VERSION_OTHER'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
