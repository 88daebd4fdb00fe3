import type { Attack } from '../../support/review/attack.ts';
import type { GovernedRepo } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a workflow is only a file',
  variants: Object.fromEntries(
    [
      '.github/workflows/peak.yml',
      '.GitHub/workflows/peak.yml',
      'docs/CodeOwners',
      'SRC/main.ts',
      'package-lock.json',
    ].map((path) => [path, (repo: GovernedRepo) => repo.onMain((at) => at.write(path, 'x\n'))]),
  ),
  conclusion: 'action_required',
  codes: ['APPROVALS_MISSING'],
  isApproved: false,
  twin: (repo) => repo.onMain((at) => at.write('.github/workflows/peak.yml', 'x\n')),
};
