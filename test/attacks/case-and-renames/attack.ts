import type { Attack } from '../../support/review/attack.ts';
import { EVIDENCE, POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a governed file goes by another name, or another file by its name',
  variants: {
    'a capital letter': (repo) => repo.onMain((at) => at.git('mv', POLICY, 'config/Promotion.toml')),
    'a twin in capitals': (repo) =>
      repo.onMain((at) => at.write('CONFIG/live_overrides/AUTO.toml', '[auto_applied]\n')),
    'a zero-width joiner': (repo) => repo.onMain((at) => at.write('config/promo\u200dtion.toml', 'x\n')),
    'a long s': (repo) => repo.onMain((at) => at.write('report\u017f/learning_snippets/x.json', '{}\n')),
    'dots at the end': (repo) => repo.onMain((at) => at.write('config/promotion.toml.', 'x\n')),
    'a twin among the evidence': (repo) => repo.onMain((at) => at.write(`${EVIDENCE}/Health.json`, '{}\n')),
  },
  conclusion: 'failure',
  codes: ['PATH_TWIN'],
  twin: (repo) => repo.onMain((at) => at.git('mv', 'README.md', 'ReadMe.md')),
  unknownLocally: [],
};
