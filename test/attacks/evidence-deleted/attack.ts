import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'the signal that speaks against it is gone',
  variants: {
    'along with a promotion': (repo) => repo.onPromotion((at) => at.remove(`${EVIDENCE}/delay.json`)),
  },
  conclusion: 'failure',
  codes: [`EVIDENCE_DELETED ${EVIDENCE}/delay.json`],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
