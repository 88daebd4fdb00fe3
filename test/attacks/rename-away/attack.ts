import type { Attack } from '../../support/review/attack.ts';
import { BASE_CONFIG, EVIDENCE } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a rename is seen at its new name only',
  variants: {
    'evidence out of its folder': (repo) =>
      repo.onMain((at) => at.git('mv', `${EVIDENCE}/health.json`, 'health.json')),
    'a document onto a governed file': (repo) =>
      repo.onMain((at) => at.git('mv', '--force', 'README.md', BASE_CONFIG)),
  },
  conclusion: 'failure',
  codes: ['MIXED_CLASSES'],
  twin: (repo) => repo.onMain((at) => at.git('mv', 'README.md', 'MANUAL.md')),
  unknownLocally: [],
};
