import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a hand writes the live value, without a proposal',
  variants: {
    'a leverage of ten': (repo) =>
      repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 10.0\n')),
    'a leverage of two': (repo) =>
      repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 2.0\n')),
    'another parameter': (repo) =>
      repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n"strategy.trigger_delay" = 4.0\n')),
    'a hidden parameter': (repo) =>
      repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n"risk.stop_loss" = 0.5\n')),
    'the environment': (repo) =>
      repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n"environment.mode" = "paper"\n')),
  },
  conclusion: 'failure',
  codes: ['NOT_A_ROLLBACK'],
  twin: () => ({ base: 'main', head: PROMOTION }),
  also: {
    'a leverage of ten': ['LIVE_CONFIG_INVALID portfolio.leverage'],
    'a hidden parameter': ['NEVER_TARGET risk.stop_loss'],
    'the environment': ['LIVE_CONFIG_INVALID environment.mode'],
  },
};
