import { DAY_MS } from '../../kernel/instant.ts';
import { formatScalar } from '../../kernel/scalar.ts';
import { HOLDS, type Rule } from './rule.ts';

/** A → B → A within the window is a matter for people: the evidence, or the market, turns faster than the loop. */
export const flapping: Rule = {
  name: 'flapping',
  check: ({ candidate: { patch }, live, planned }, { policy, now, history }) => {
    const days = policy.budgets.window_days;
    const moves = history?.byTarget.get(patch.target) ?? [];
    const wasLive = moves.some(({ from, at }) => from === planned && at > now - days * DAY_MS);
    if (!wasLive || live === null || patch.redacted) return HOLDS;
    return [
      {
        code: 'FLAPPING',
        effect: 'manual_only',
        observed: formatScalar(planned, live.type),
        required: `${days} days`,
      },
    ];
  },
};
