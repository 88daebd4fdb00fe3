import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'evidence that is merged already says something else now',
  variants: {
    'along with a promotion': (repo) =>
      repo.onPromotion((at) => at.edit(`${EVIDENCE}/delay.json`, '11', '12')),
    alone: (repo) => repo.onMain((at) => at.edit(`${EVIDENCE}/delay.json`, '11', '12')),
  },
  conclusion: 'failure',
  codes: [`EVIDENCE_CHANGED ${EVIDENCE}/delay.json`],
  twin: (repo) =>
    repo.onMain((at) =>
      at.write(`${EVIDENCE}/more.json`, at.signal({ changes: [['strategy.trigger_delay', 10, 12]] })),
    ),
};
