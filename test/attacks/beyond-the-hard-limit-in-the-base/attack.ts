import type { Attack } from '../../support/review/attack.ts';
import { BASE_CONFIG, POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'two deceived operators are enough for a leverage of ten',
  variants: {
    'in the base configuration': (repo) =>
      repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 10.0')),
    'in a layer that stands': (repo) => {
      const base = repo.branch('main', (at) => {
        at.write('layers/extra.toml', '[portfolio]\nleverage = 1.0\n');
        at.write(POLICY, `${at.read(POLICY)}\n[config]\nlayers = ["layers/extra.toml"]\n`);
      });
      return repo.onMain((at) => at.write('layers/extra.toml', '[portfolio]\nleverage = 10.0\n'), base);
    },
    'by a policy that names a file as a layer': (repo) => {
      const base = repo.branch('main', (at) =>
        at.write('layers/extra.toml', '[portfolio]\nleverage = 10.0\n'),
      );
      return repo.onMain(
        (at) => at.write(POLICY, `${at.read(POLICY)}\n[config]\nlayers = ["layers/extra.toml"]\n`),
        base,
      );
    },
  },
  conclusion: 'failure',
  codes: ['LIVE_CONFIG_INVALID portfolio.leverage'],
  twin: (repo) => repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1.5')),
};
