import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'the folder is reviewed, and auto.toml goes live',
  variants: {
    'by one key': (repo) => repo.onPromotion((at) => at.edit(AUTO_TOML, '= 11.0', '= 14.0')),
    'by 1e-9': (repo) => repo.onPromotion((at) => at.edit(AUTO_TOML, '= 1.25', '= 1.250000001')),
    'by a comment': (repo) => repo.onPromotion((at) => at.edit(AUTO_TOML, '= 1.25', '= 1.25 # reviewed')),
    'by the order of keys': (repo) =>
      repo.onPromotion((at) =>
        at.write(AUTO_TOML, at.read(AUTO_TOML).trimEnd().split('\n\n').reverse().join('\n\n')),
      ),
    'by one more line break': (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, `${at.read(AUTO_TOML)}\n`)),
  },
  conclusion: 'failure',
  codes: [`FILE_DIFFERS ${AUTO_TOML}`],
  also: {
    'by one key': ['VALUE_DIFFERS strategy.trigger_delay'],
    'by 1e-9': ['VALUE_DIFFERS portfolio.leverage'],
  },
  twin: () => ({ base: 'main', head: PROMOTION }),
};
