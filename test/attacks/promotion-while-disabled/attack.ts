import type { Attack } from '../../support/review/attack.ts';
import { POLICY, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a proposal from before the killswitch is merged after it',
  variants: {
    'the policy of the tip is disabled': (repo) => ({
      base: repo.branch('main', (at) => at.edit(POLICY, '"bounded_auto"', '"disabled"')),
      head: PROMOTION,
    }),
    'behind a replace ref': (repo) => {
      const base = repo.branch('main', (at) => at.edit(POLICY, '"bounded_auto"', '"disabled"'));
      const blob = (ref: string) => repo.git('rev-parse', `${ref}:${POLICY}`);
      repo.git('replace', '--force', blob(base), blob('main'));
      return { base, head: PROMOTION };
    },
  },
  conclusion: 'failure',
  codes: ['KILLSWITCH', `BASE_MOVED ${POLICY}`],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
