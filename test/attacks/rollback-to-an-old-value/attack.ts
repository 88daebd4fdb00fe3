import { instantFromMs } from '../../../src/kernel/instant.ts';
import type { ReviewHistory } from '../../../src/review/review-history.ts';
import type { Attack } from '../../support/review/attack.ts';
import { AUTO_TOML, type GovernedRepo } from '../../support/review/governed-repo.ts';

/** Leverage went from 1.0 to 1.25 an hour ago; 1.5 was live once. */
const history = (): ReviewHistory => ({
  standing: new Map([
    [
      'portfolio.leverage',
      {
        proposalId: 'live_promotion_20260101T000000Z_00000000',
        before: null,
        mergedAt: instantFromMs(Date.now() - 3_600_000),
        merge: new Map(),
      },
    ],
  ]),
  former: new Map([['portfolio.leverage', new Set([1, 1.5, 1.25])]]),
});

const live = (repo: GovernedRepo) =>
  repo.branch('main', (at) => at.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 1.25\n'));

export const attack: Attack = {
  hope: 'whatever was live once may come back without anybody',
  variants: {
    'an old riskier one': (repo) => repo.onMain((at) => at.edit(AUTO_TOML, '1.25', '1.5'), live(repo)),
  },
  conclusion: 'action_required',
  codes: ['ROLLBACK_VALUE portfolio.leverage', 'ROLLBACK_RISKIER portfolio.leverage', 'APPROVALS_MISSING'],
  twin: (repo) => repo.onMain((at) => at.write(AUTO_TOML, '[auto_applied]\n'), live(repo)),
  needsHistory: ['ROLLBACK_VALUE portfolio.leverage'],
  history,
  isApproved: false,
};
