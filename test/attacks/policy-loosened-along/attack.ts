import type { Attack } from '../../support/review/attack.ts';
import { POLICY, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a wider policy passes for a part of the promotion',
  variants: {
    'wider bounds': (repo) => repo.onPromotion((at) => at.edit(POLICY, 'max = 2.0', 'max = 3.0')),
    'no approvals': (repo) => repo.onPromotion((at) => at.edit(POLICY, 'manual = 1', 'manual = 0')),
  },
  conclusion: 'failure',
  codes: [`MIXED_CLASSES ${POLICY}`],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
