import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'at another time the evidence would still be young',
  variants: {
    'from the past': (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/proposal_meta.json`,
          /"generated_at": "[^"]*"/,
          '"generated_at": "2026-01-01T00:00:00Z"',
        ),
      ),
    'from the future': (repo) =>
      repo.onPromotion((at) =>
        at.edit(
          `${at.proposal()}/proposal_meta.json`,
          /"generated_at": "[^"]*"/,
          '"generated_at": "2099-01-01T00:00:00Z"',
        ),
      ),
    'that is none': (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/proposal_meta.json`, /"generated_at": "[^"]*"/, '"generated_at": "now"'),
      ),
  },
  conclusion: 'failure',
  codes: ['CLOCK_OUT_OF_RANGE'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
