import type { Attack } from '../../support/review/attack.ts';
import { POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a file beside auto.toml is taken for one of ours some day',
  variants: {
    'beside auto.toml': (repo) =>
      repo.onMain((at) => at.write('config/live_overrides/auto.toml.backup', 'x\n')),
    'below a governed file': (repo) =>
      repo.onMain((at) => {
        at.remove(POLICY);
        at.write(`${POLICY}/x`, 'x\n');
      }),
    'a lock of another machine, which counts as alive': (repo) =>
      repo.onMain((at) => {
        // Ignored otherwise.
        at.remove('.gitignore');
        at.write('.peak/run.lock', '{"pid":1,"host":"elsewhere"}\n');
      }),
    'in a promotion': (repo) =>
      repo.onPromotion((at) => at.write('config/auto/other.override.toml', '[overrides]\n')),
  },
  conclusion: 'failure',
  codes: ['PATH_RESERVED'],
  twin: (repo) => repo.onMain((at) => at.write('README.md', '# Other words\n')),
  unknownLocally: [],
};
