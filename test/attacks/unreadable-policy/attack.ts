import type { Attack } from '../../support/review/attack.ts';
import { POLICY, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a policy that nobody can read refuses nothing',
  variants: {
    'a promotion': (repo) => ({
      base: repo.branch('main', (at) => at.write(POLICY, 'mode =')),
      head: PROMOTION,
    }),
    'an unrelated change': (repo) =>
      repo.onMain(
        (at) => at.write('README.md', 'x\n'),
        repo.branch('main', (at) => at.write(POLICY, '[promotion]\nmode = "yes"\n')),
      ),
  },
  conclusion: 'failure',
  codes: ['POLICY_UNREADABLE'],
  twin: (repo) => repo.onMain((at) => at.write('README.md', '# Other words\n')),
  unknownLocally: [],
};
