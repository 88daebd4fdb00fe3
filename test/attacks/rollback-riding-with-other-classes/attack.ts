import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, type GovernedRepo, PROMOTION } from '../../support/review/governed-repo.ts';

/** Main with the honest promotion merged into it. */
const live = (repo: GovernedRepo) =>
  repo.branch('main', (at) => at.git('merge', '--quiet', '--no-ff', '--no-edit', PROMOTION));

export const attack: Attack = {
  hope: 'the way out is always open, so is what comes with it',
  variants: {
    'the policy': (repo) =>
      repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n');
        at.write('config/promotion.toml', '# rides along\n');
      }, live(repo)),
    'a workflow': (repo) =>
      repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n');
        at.write('.github/workflows/x.yml', '# rides along\n');
      }, live(repo)),
    'a document': (repo) =>
      repo.onMain((at) => {
        at.write(AUTO_TOML, '[auto_applied]\n');
        at.write('README.md', '# rides along\n');
      }, live(repo)),
  },
  conclusion: 'failure',
  codes: ['MIXED_CLASSES'],
  twin: (repo) => repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n'), live(repo)),
};
