import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'two texts look alike, and are not',
  variants: {
    CRLF: (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, at.read(AUTO_TOML).replaceAll('\n', '\r\n'))),
    'a byte order mark': (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, `\ufeff${at.read(AUTO_TOML)}`)),
    'a look-alike target': (repo) =>
      repo.onPromotion((at) => at.edit(AUTO_TOML, '"portfolio', '"p\u043ertfolio')),
    'a bidi mark': (repo) => repo.onPromotion((at) => at.edit(AUTO_TOML, '= 1.25', '= 1.25 # \u202e 52.1')),
    'a zero-width joiner in a target': (repo) =>
      repo.onPromotion((at) => at.edit(AUTO_TOML, '"portfolio', '"port\u200dfolio')),
    'broken UTF-8': (repo) => repo.onPromotion((at) => at.write(AUTO_TOML, Buffer.from([0x5b, 0xff, 0xfe]))),
  },
  conclusion: 'failure',
  codes: [`FILE_DIFFERS ${AUTO_TOML}`],
  also: { 'broken UTF-8': ['TEXT_INVALID'] },
  twin: () => ({ base: 'main', head: PROMOTION }),
};
