import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, BASE_CONFIG, EVIDENCE, POLICY, PROMOTION } from '../../support/review/governed-repo.ts';

export const attack: Attack = {
  hope: 'what was right on the old base is merged into the new one',
  variants: {
    'another value went live': (repo) => ({
      base: repo.branch('main', (at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.5\n')),
      head: PROMOTION,
    }),
    'the base value moved': (repo) => ({
      base: repo.branch('main', (at) => at.edit(BASE_CONFIG, 'leverage = 1.0', 'leverage = 1.1')),
      head: PROMOTION,
    }),
    'the policy became tighter': (repo) => ({
      base: repo.branch('main', (at) => at.edit(POLICY, 'max_step = 0.25', 'max_step = 0.1')),
      head: PROMOTION,
    }),
  },
  conclusion: 'action_required',
  codes: ['BASE_MOVED'],
  twin: (repo) => ({
    base: repo.branch('main', (at) => at.write(`${EVIDENCE}/new.json`, at.signal({ changes: [] }))),
    head: PROMOTION,
  }),
};
