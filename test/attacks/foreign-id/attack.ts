import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'the folder bears the name of something that was approved before',
  variants: {
    'another folder name': (repo) =>
      repo.onPromotion((at) =>
        at.git('mv', at.proposal(), at.proposal().replace(/_[0-9a-f]{8}$/, '_00000000')),
      ),
    'another id inside': (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/proposal_meta.json`,
          /("proposal_id": ".*)_[0-9a-f]{8}"/,
          '"proposal_id": "live_promotion_20260101T000000Z_00000000"',
        ),
      ),
  },
  conclusion: 'failure',
  codes: [],
  also: { 'another folder name': ['FILE_MISSING', 'FILE_EXTRA'], 'another id inside': ['FILE_DIFFERS'] },
  twin: () => ({ base: 'main', head: PROMOTION }),
};
