import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, BASE_CONFIG, type GovernedRepo, POLICY } from '../../support/review/governed-repo.ts';

/** A base with as many old warnings as a list shows, and a policy whose hard limit is narrower than the compiled-in one. */
function noisy(repo: GovernedRepo): string {
  return repo.branch('main', (at) => {
    const lines = Array.from({ length: 25 }, (_, i) => `"gone.g${i}" = 1.0\n`);
    at.write(AUTO_TOML, `[auto_applied]\n${lines.join('\n')}`);
    at.write(POLICY, `${at.read(POLICY)}\n[hard_limits.leverage]\nmax = 2.5\n`);
  });
}

export const attack: Attack = {
  hope: 'the one value that breaks a limit is cut off behind notes about old ones',
  variants: {
    'in the base configuration': (repo) =>
      repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.9'), noisy(repo)),
  },
  conclusion: 'failure',
  codes: ['HARD_LIMIT portfolio.leverage'],
  twin: (repo) => repo.onMain((at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 2.4'), noisy(repo)),
};
