import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a merge commit of the base changes more than the merge',
  variants: {
    'an override': (repo) => {
      const base = repo.branch('main', (at) => at.write('docs/new.md', 'x\n'));
      const head = repo.branch(PROMOTION, (at) => {
        at.git('merge', '--quiet', '--no-ff', '--no-commit', base);
        at.edit(AUTO_TOML, '= 11.0', '= 15.0');
      });
      return { base, head };
    },
  },
  conclusion: 'action_required',
  codes: ['BASE_COMMIT_OTHER'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
