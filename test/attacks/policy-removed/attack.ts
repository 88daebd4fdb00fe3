import type { Attack } from '../../support/review/attack.ts';
import { POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'without a policy nothing is refused',
  variants: {
    'the file': (repo) => repo.onMain((at) => at.remove(POLICY)),
    'what it says': (repo) => repo.onMain((at) => at.write(POLICY, '')),
  },
  conclusion: 'failure',
  codes: [],
  also: { 'the file': ['POLICY_REMOVED'], 'what it says': ['POLICY_INVALID'] },
  twin: (repo) => repo.onMain((at) => at.edit(POLICY, '"bounded_auto"', '"disabled"')),
};
