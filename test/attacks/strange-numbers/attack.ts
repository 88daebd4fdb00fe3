import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, type GovernedRepo, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'a number that passes every comparison',
  variants: Object.fromEntries(
    [
      'nan',
      'inf',
      '-inf',
      '1e309',
      '-0.0',
      '9007199254740993',
      '1979-05-27',
      'true',
      '"1.25"',
      '{ x = 1 }',
      '[1.25]',
    ].map((value) => [
      value,
      (repo: GovernedRepo) => repo.onPromotion((at) => at.edit(AUTO_TOML, '= 1.25', `= ${value}`)),
    ]),
  ),
  conclusion: 'failure',
  codes: [`FILE_DIFFERS ${AUTO_TOML}`],
  also: {
    nan: ['LIVE_CONFIG_INVALID'],
    inf: ['LIVE_CONFIG_INVALID'],
    '1e309': ['LIVE_CONFIG_INVALID'],
    true: ['LIVE_CONFIG_INVALID'],
    '9007199254740993': ['LIVE_CONFIG_INVALID'],
  },
  twin: () => ({ base: 'main', head: PROMOTION }),
};
