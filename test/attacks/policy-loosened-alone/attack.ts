import type { Attack } from '../../support/review/attack.ts';
import { POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a policy that allows more is taken for a small edit, without a second person',
  variants: {
    'wider bounds': (repo) => repo.onMain((at) => at.edit(POLICY, 'max_step = 0.25', 'max_step = 0.5')),
    'tighter and wider at once': (repo) =>
      repo.onMain((at) => {
        at.edit(POLICY, 'max = 2.0', 'max = 1.5');
        at.edit(POLICY, 'max = 15.0', 'max = 16.0');
      }),
    'another operator': (repo) => repo.onMain((at) => at.edit(POLICY, '"bob"', '"mallory"')),
    'an operator less': (repo) => repo.onMain((at) => at.edit(POLICY, ', "bob"', '')),
    'an empty never-list': (repo) => repo.onMain((at) => at.edit(POLICY, '["risk.stop_loss"]', '[]')),
    'less machinery': (repo) => repo.onMain((at) => at.edit(POLICY, '"src/**", ', '')),
  },
  conclusion: 'action_required',
  codes: ['POLICY_LOOSENED', 'APPROVALS_MISSING'],
  isApproved: false,
  twin: (repo) => repo.onMain((at) => at.edit(POLICY, 'max_step = 0.25', 'max_step = 0.1')),
};
