import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, BASE_CONFIG } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a graduation needs nobody, so a raise dresses up as one',
  variants: {
    'another value than the live one': (repo) =>
      repo.onMain(
        (at) => {
          at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1.5');
          at.write(AUTO_TOML, '[auto_applied]\n');
        },
        repo.branch('main', (at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.25\n')),
      ),
    'one more override': (repo) =>
      repo.onMain(
        (at) => {
          at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1.25');
          at.write(AUTO_TOML, '[auto_applied]\n"strategy.trigger_delay" = 4.0\n');
        },
        repo.branch('main', (at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.25\n')),
      ),
  },
  conclusion: 'failure',
  codes: [`MIXED_CLASSES ${AUTO_TOML}`],
  twin: (repo) =>
    repo.onMain(
      (at) => {
        at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1.25');
        at.write(AUTO_TOML, '[auto_applied]\n');
      },
      repo.branch('main', (at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.25\n')),
    ),
  unknownLocally: [],
};
