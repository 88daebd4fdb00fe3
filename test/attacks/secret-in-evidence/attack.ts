import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a credential, or the value of a hidden target, ends in the history',
  variants: {
    'a hidden target': (repo) =>
      repo.onMain((at) =>
        at.write(`${EVIDENCE}/hidden.json`, at.signal({ changes: [['risk.stop_loss', 0.02, 0.5]] })),
      ),
    'a credential': (repo) =>
      repo.onMain((at) =>
        at.write(`${EVIDENCE}/key.json`, at.signal({ note: `gh${'p'}_${'A1b2'.repeat(9)}` })),
      ),
    'along with a promotion': (repo) =>
      repo.onPromotion((at) => at.write(`${EVIDENCE}/key.json`, at.signal({ api_key: 'hunter2' }))),
  },
  conclusion: 'failure',
  codes: ['EVIDENCE_QUARANTINED'],
  twin: (repo) => repo.onMain((at) => at.write(`${EVIDENCE}/plain.json`, at.signal({ note: 'plain words' }))),
};
