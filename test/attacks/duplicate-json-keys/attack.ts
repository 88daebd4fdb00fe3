import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'people read the first digest, programs the last',
  variants: {
    'in the metadata': (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/proposal_meta.json`,
          '"schema_version": 1,',
          '"schema_version": 1,\n  "lane": "auto",',
        ),
      ),
    'a prototype': (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/config_patches.json`,
          '"schema_version": 1,',
          '"schema_version": 1,"__proto__": {"x": 1},',
        ),
      ),
  },
  conclusion: 'failure',
  codes: ['FILE_DIFFERS'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
