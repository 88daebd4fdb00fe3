import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'one more change rides along in the artifacts',
  variants: {
    'in patches and auto.toml': (repo) =>
      repo.onPromotion((at) => {
        const file = `${at.proposal()}/config_patches.json`;
        const line =
          at
            .read(file)
            .split('\n')
            .find((text) => text.includes('portfolio.leverage')) ?? '';
        at.edit(
          file,
          '"patches": [\n',
          `"patches": [\n${line.replaceAll('portfolio.leverage', 'risk.max_position').replace(/,?$/, ',')}\n`,
        );
        at.write(AUTO_TOML, `${at.read(AUTO_TOML)}\n"risk.max_position" = 0.5\n`);
      }),
    'a target of the never-list': (repo) =>
      repo.onPromotion((at) => at.write(AUTO_TOML, `${at.read(AUTO_TOML)}\n"risk.stop_loss" = 0.5\n`)),
  },
  conclusion: 'failure',
  codes: [`FILE_DIFFERS ${AUTO_TOML}`],
  also: {
    'in patches and auto.toml': ['VALUE_DIFFERS risk.max_position'],
    'a target of the never-list': ['VALUE_DIFFERS risk.stop_loss', 'NEVER_TARGET risk.stop_loss'],
  },
  twin: () => ({ base: 'main', head: PROMOTION }),
};
