import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a promotion derived without the signal of the base that speaks against it',
  variants: {
    'a contradicting signal of the base': async (repo) => {
      const base = repo.branch('main', (at) =>
        at.write(
          `${EVIDENCE}/against.json`,
          at.signal({ changes: [['portfolio.leverage', 1, 0.9]], confidence: 0.99 }),
        ),
      );
      const commit = repo.git('rev-parse', base);
      const main = repo.git('rev-parse', 'main');
      // The honest folder, as if it had been derived on the new base.
      const head = repo.branch(base, (at) => {
        at.git('checkout', PROMOTION, '--', 'reports/live_promotion', `${EVIDENCE}/leverage.json`, 'config');
        at.edit(`${at.proposal()}/proposal_meta.json`, main, commit);
      });
      return { base, head };
    },
    'evidence that the change itself needs': (repo) =>
      repo.onPromotion((at) => at.remove(`${EVIDENCE}/leverage.json`)),
  },
  conclusion: 'failure',
  codes: [],
  also: {
    'a contradicting signal of the base': ['FILE_DIFFERS'],
    'evidence that the change itself needs': ['VALUE_DIFFERS portfolio.leverage'],
  },
  twin: () => ({ base: 'main', head: PROMOTION }),
};
