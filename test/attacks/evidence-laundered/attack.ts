import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'evidence that nobody looked at is merged alone, and promoted the next night',
  variants: {
    'an evidence-only change by a stranger': (repo) =>
      repo.onMain((at) =>
        at.write(`${EVIDENCE}/laundered.json`, at.signal({ changes: [['portfolio.leverage', 1, 1.25]] })),
      ),
  },
  conclusion: 'action_required',
  codes: ['APPROVALS_MISSING'],
  isApproved: false,
  twin: (repo) =>
    repo.onMain((at) =>
      at.write(`${EVIDENCE}/laundered.json`, at.signal({ changes: [['portfolio.leverage', 1, 1.25]] })),
    ),
};
