import type { Attack } from '../../support/review/attack.ts';
import { POLICY, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'derived from before the policy was tightened',
  variants: {
    'an ancestor of the merge base': (repo) => {
      const base = repo.branch('main', (at) => at.edit(POLICY, 'max_step = 0.25', 'max_step = 0.1'));
      const governed = ['reports', 'config/live_overrides', 'config/auto'];
      return { base, head: repo.branch(base, (at) => at.git('checkout', PROMOTION, '--', ...governed)) };
    },
    'no commit': (repo) =>
      repo.onPromotion((at) =>
        at.edit(`${at.proposal()}/proposal_meta.json`, /"base_commit": "[0-9a-f]*"/, '"base_commit": null'),
      ),
  },
  conclusion: 'action_required',
  codes: ['BASE_COMMIT_OTHER'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
