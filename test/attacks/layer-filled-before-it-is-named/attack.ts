import type { Attack } from '../../support/review/attack.ts';
import { BASE_CONFIG, type GovernedRepo, POLICY } from '../../support/review/governed-repo.ts';

const LAYER = 'layers/extra.toml';
const NAMED = `\n[config]\nlayers = ["${LAYER}"]\n`;

/** Until a policy names it, a file is nobody's: a stranger's change of it is green, also after operators have approved the policy. */
function filled(repo: GovernedRepo, text: string) {
  const base = repo.branch('main', (at) => at.write(LAYER, text));
  return repo.onMain((at) => at.write(POLICY, `${at.read(POLICY)}${NAMED}`), base);
}

export const attack: Attack = {
  hope: 'operators approve a layer that holds nothing yet, and it is filled before they merge it',
  variants: {
    'with a value': (repo) => filled(repo, '[portfolio]\nleverage = 2.9\n'),
    'with the environment': (repo) => filled(repo, '[environment]\nmode = "paper"\n'),
    'with a list': (repo) => filled(repo, '[extra]\nsymbols = ["A"]\n'),
    'and taken out of the policy with what it held': (repo) => {
      const base = repo.branch('main', (at) => {
        at.write(LAYER, '[portfolio]\nleverage = 1.0\n');
        at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.9');
        at.write(POLICY, `${at.read(POLICY)}${NAMED}`);
      });
      return repo.onMain((at) => at.write(POLICY, at.read(POLICY).replace(NAMED, '')), base);
    },
  },
  conclusion: 'failure',
  codes: [`LAYERS_NOT_NEUTRAL ${POLICY}`],
  also: { 'with a value': ['LAYERS_NOT_NEUTRAL portfolio.leverage'] },
  twin: (repo) => filled(repo, '[portfolio]\nleverage = 1.0\n'),
};
