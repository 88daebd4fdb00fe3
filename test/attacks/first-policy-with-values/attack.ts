import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, BASE_CONFIG, POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'before there is a policy nothing is refused',
  variants: {
    'overrides come along': (repo) => {
      const base = repo.branch('main', (at) => at.remove(POLICY));
      return repo.onMain((at) => {
        at.git('checkout', 'main', '--', POLICY);
        at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 2.0\n');
      }, base);
    },
    'base values change along': (repo) => {
      const base = repo.branch('main', (at) => at.remove(POLICY));
      return repo.onMain((at) => {
        at.git('checkout', 'main', '--', POLICY);
        at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.0');
      }, base);
    },
    'no policy comes': (repo) => {
      const base = repo.branch('main', (at) => at.remove(POLICY));
      return repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 2.0\n');
      }, base);
    },
  },
  conclusion: 'failure',
  codes: ['POLICY_MISSING'],
  twin: (repo) => repo.onMain((at) => at.write('README.md', '# Other words\n')),
  unknownLocally: [],
  also: {
    'overrides come along': ['LIVE_CHANGED portfolio.leverage'],
    'base values change along': ['LIVE_CHANGED portfolio.leverage'],
  },
};
