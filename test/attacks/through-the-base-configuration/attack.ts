import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, BASE_CONFIG, POLICY } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'auto.toml is guarded, the file below it is not',
  variants: {
    leverage: (repo) => repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.9')),
    'the environment': (repo) => repo.onMain((at) => at.edit(BASE_CONFIG, '"live"', '"paper"')),
    'another type': (repo) => repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1')),
    'a new parameter': (repo) =>
      repo.onMain((at) => at.write(BASE_CONFIG, `${at.read(BASE_CONFIG)}\n[extra]\nleverage = 2.0\n`)),
    'a list': (repo) =>
      repo.onMain((at) => at.write(BASE_CONFIG, `${at.read(BASE_CONFIG)}\n[extra]\nsymbols = ["A"]\n`)),
    'below an override that hides it today': (repo) =>
      repo.onMain(
        (at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.9'),
        repo.branch('main', (at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.5\n')),
      ),
    'below a layer that hides it today': (repo) =>
      repo.onMain(
        (at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.9'),
        repo.branch('main', (at) => {
          at.write('layers/extra.toml', '[portfolio]\nleverage = 1.0\n');
          at.write(POLICY, `${at.read(POLICY)}\n[config]\nlayers = ["layers/extra.toml"]\n`);
        }),
      ),
  },
  conclusion: 'action_required',
  codes: ['APPROVALS_MISSING'],
  twin: (repo) => repo.onMain((at) => at.write(BASE_CONFIG, `# Only words\n${at.read(BASE_CONFIG)}`)),
  isApproved: false,
  unknownLocally: [],
  also: {
    leverage: ['LIVE_CHANGED portfolio.leverage'],
    'the environment': ['ENVIRONMENT_CHANGED'],
    'a list': ['BASE_STRUCTURE_CHANGED'],
    'below an override that hides it today': ['LIVE_CHANGED portfolio.leverage'],
    'below a layer that hides it today': [`BASE_STRUCTURE_CHANGED ${BASE_CONFIG}`],
  },
};
