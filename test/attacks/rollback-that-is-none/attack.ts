import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, type GovernedRepo, PROMOTION } from '../../support/review/governed-repo.ts';

/** Main with the honest promotion merged into it. */
const live = (repo: GovernedRepo) =>
  repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION));

export const attack: Attack = {
  hope: 'a way back needs nobody, so a raise dresses up as one',
  variants: {
    'to a value that was never live': (repo) =>
      repo.onMain((at) => at.edit(AUTO_TOML, '1.25', '1.75'), live(repo)),
    'one key back, another one up': (repo) =>
      repo.onMain(
        (at) => at.write(AUTO_TOML, '[auto_applied]\n"strategy.trigger_delay" = 4.0\n'),
        live(repo),
      ),
  },
  conclusion: 'failure',
  codes: ['NOT_A_ROLLBACK'],
  twin: (repo) => repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n'), live(repo)),
};
