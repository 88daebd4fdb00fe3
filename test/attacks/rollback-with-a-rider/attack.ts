import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, type GovernedRepo, PROMOTION } from '../../support/review/governed-repo.ts';

/** Main with the honest promotion merged into it. */
const live = (repo: GovernedRepo) =>
  repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION));

export const attack: Attack = {
  hope: 'something else changes along with a way back',
  variants: {
    'older evidence is taken away': (repo) =>
      repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n');
        at.remove('reports/learning_snippets/delay.json');
      }, live(repo)),
    'the offline values change': (repo) =>
      repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n');
        at.write('config/auto/learning.override.toml', '[overrides]\n"portfolio.leverage" = 2.0\n');
      }, live(repo)),
    'the record is edited, not taken away': (repo) =>
      repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n');
        at.edit(`${at.proposal()}/OPERATOR_CHECKLIST.md`, '- [ ]', '- [x]');
      }, live(repo)),
  },
  conclusion: 'failure',
  codes: ['ROLLBACK_RIDER'],
  twin: (repo) => repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n'), live(repo)),
};
