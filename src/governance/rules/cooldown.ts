import { formatInstant, HOUR_MS, instantFromMs } from '../../kernel/instant.ts';
import { HOLDS, type Rule } from './rule.ts';

/** A target rests after each change of its live value, whoever made it; a rollback is free and starts no rest. */
export const cooldown: Rule = {
  name: 'cooldown',
  check: ({ candidate: { patch } }, { policy, now, history }) => {
    const last = history?.byTarget.get(patch.target)?.findLast(({ kind }) => kind !== 'rollback');
    const hours = policy.budgets.cooldown_hours;
    if (last === undefined || now >= last.at + hours * HOUR_MS) return HOLDS;
    return [
      {
        code: 'COOLDOWN',
        effect: 'pending',
        observed: formatInstant(last.at),
        required: `${hours} hours`,
        until: instantFromMs(last.at + hours * HOUR_MS),
      },
    ];
  },
};
