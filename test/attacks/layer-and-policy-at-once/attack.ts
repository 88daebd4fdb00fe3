import type { Attack } from '../../support/review/attack.ts';
import { BASE_CONFIG, POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a new layer comes with the policy that names it',
  variants: {
    'in one change': (repo) =>
      repo.onMain((at) => {
        at.write('layers/extra.toml', '[portfolio]\nleverage = 2.5\n');
        at.write(POLICY, `${at.read(POLICY)}\n[config]\nlayers = ["layers/extra.toml"]\n`);
      }),
  },
  conclusion: 'failure',
  codes: [`MIXED_CLASSES ${POLICY}`, 'LIVE_CHANGED portfolio.leverage'],
  twin: (repo) => repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1.5')),
};
