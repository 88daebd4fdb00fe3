import type { Attack } from '../../support/review/attack.ts';
import { PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'what was taken back comes back by a button',
  variants: {
    'by git revert': (repo) => {
      const merged = repo.branch('main', (at) =>
        at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION),
      );
      const merge = repo.git('rev-parse', `${merged}~1`);
      const reverted = repo.branch(merged, (at) => at.git('revert', '--no-edit', '--mainline', '1', merge));
      return {
        base: reverted,
        head: repo.branch(reverted, (at) => at.git('revert', '--no-edit', `${reverted}~1`)),
      };
    },
  },
  conclusion: 'action_required',
  codes: ['BASE_COMMIT_OTHER'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
