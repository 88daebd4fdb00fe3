import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'taking evidence away counts as little as adding some',
  variants: {
    'one file': (repo) => repo.onMain((at) => at.remove(`${EVIDENCE}/health.json`)),
  },
  conclusion: 'action_required',
  codes: [`EVIDENCE_DELETED ${EVIDENCE}/health.json`, 'APPROVALS_MISSING'],
  isApproved: false,
  twin: (repo) => repo.onMain((at) => at.write(`${EVIDENCE}/other.json`, at.signal({ changes: [] }))),
};
