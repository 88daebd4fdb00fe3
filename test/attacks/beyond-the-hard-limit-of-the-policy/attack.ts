import type { Attack } from '../../support/review/attack.ts';
import { BASE_CONFIG, POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'the base configuration knows no limits but the compiled-in ones',
  variants: {
    'leverage of 2.9 under a limit of 2.5': (repo) =>
      repo.onMain(
        (at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.9'),
        repo.branch('main', (at) =>
          at.write(POLICY, `${at.read(POLICY)}\n[hard_limits.leverage]\nmax = 2.5\n`),
        ),
      ),
  },
  conclusion: 'failure',
  codes: ['HARD_LIMIT portfolio.leverage'],
  twin: (repo) =>
    repo.onMain(
      (at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.5'),
      repo.branch('main', (at) =>
        at.write(POLICY, `${at.read(POLICY)}\n[hard_limits.leverage]\nmax = 2.5\n`),
      ),
    ),
};
