import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'what cannot be read cannot be refused',
  variants: {
    'not JSON': (repo) => repo.onPromotion((at) => at.write(`${at.proposal()}/proposal_meta.json`, '{')),
    'not there': (repo) => repo.onPromotion((at) => at.remove(`${at.proposal()}/proposal_meta.json`)),
    'one key more': (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/proposal_meta.json`,
          '"schema_version": 1,',
          '"schema_version": 1, "trusted": true,',
        ),
      ),
  },
  conclusion: 'failure',
  codes: ['PROPOSAL_META_INVALID'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
