import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'the whole folder leads elsewhere',
  variants: {
    'a folder of evidence': (repo) =>
      repo.onMain((at) => {
        at.remove(EVIDENCE);
        at.link(EVIDENCE, '../README.md');
      }),
    'the configuration': (repo) =>
      repo.onMain((at) => {
        at.git('rm', '-r', '--quiet', 'config');
        at.link('config', 'reports');
      }),
  },
  conclusion: 'failure',
  codes: ['PATH_RESERVED', 'FILE_KIND'],
  twin: (repo) => repo.onMain((at) => at.write('README.md', '# Other words\n')),
  unknownLocally: [],
};
