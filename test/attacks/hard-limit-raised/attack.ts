import type { Attack } from '../../support/review/attack.ts';
import { POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a policy allows more than is compiled in',
  variants: {
    'for the tag': (repo) =>
      repo.onMain((at) => at.write(POLICY, `${at.read(POLICY)}\n[hard_limits.leverage]\nmax = 10.0\n`)),
    'for the target': (repo) =>
      repo.onMain((at) =>
        at.write(POLICY, `${at.read(POLICY)}\n[hard_limits."portfolio.leverage"]\nmax = 3.01\n`),
      ),
    'by bounds': (repo) => repo.onMain((at) => at.edit(POLICY, 'max = 2.0', 'max = 10.0')),
  },
  conclusion: 'failure',
  codes: [`POLICY_INVALID ${POLICY}`],
  twin: (repo) =>
    repo.onMain((at) => at.write(POLICY, `${at.read(POLICY)}\n[hard_limits.leverage]\nmax = 2.5\n`)),
};
