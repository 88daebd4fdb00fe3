import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'one reader takes the first, another the last',
  variants: {
    'in TOML': (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, `${at.read(AUTO_TOML)}\n"portfolio.leverage" = 2.0\n`)),
    'dotted and quoted': (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, `${at.read(AUTO_TOML)}\nportfolio.leverage = 2.0\n`)),
    'a prototype': (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, `${at.read(AUTO_TOML)}\n"__proto__.leverage" = 2.0\n`)),
  },
  conclusion: 'failure',
  codes: [`FILE_DIFFERS ${AUTO_TOML}`, `LIVE_CONFIG_INVALID ${AUTO_TOML}`],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
