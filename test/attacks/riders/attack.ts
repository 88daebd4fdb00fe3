import type { Attack } from '../../support/review/attack.ts';
import { type GovernedRepo, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'something that guards the guard changes along with a promotion',
  variants: Object.fromEntries(
    [
      '.github/workflows/peak.yml',
      '.github/CODEOWNERS',
      'CODEOWNERS',
      '.gitattributes',
      'docs/.gitattributes',
      '.gitmodules',
      'app.yml',
      'action.yml',
      'src/main.ts',
      'package.json',
      'README.md',
      'config/config.toml',
    ].map((path) => [
      path,
      (repo: GovernedRepo) => repo.onPromotion((at) => at.write(path, '# rides along\n')),
    ]),
  ),
  conclusion: 'failure',
  codes: ['MIXED_CLASSES'],
  twin: () => ({ base: 'main', head: PROMOTION }),
};
