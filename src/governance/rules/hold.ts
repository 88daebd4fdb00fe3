import { DAY_MS, formatInstant } from '../../kernel/instant.ts';
import { HOLDS, type Rule } from './rule.ts';

/**
 * After a rollback, or a change that nothing explains, the auto lane leaves a target alone until operators promote it again, at the
 * longest for `hold_days`.
 */
export const hold: Rule = {
  name: 'hold',
  check: ({ candidate: { patch } }, { policy, now, history }) => {
    const moves = history?.byTarget.get(patch.target) ?? [];
    const last = moves.findLast(({ kind, byOperators }) => isCause(kind) || byOperators);
    if (last === undefined || last.byOperators) return HOLDS;
    if (now - last.at > policy.budgets.hold_days * DAY_MS) return HOLDS;
    return [
      { code: 'ON_HOLD', effect: 'manual_only', observed: formatInstant(last.at), required: last.kind },
    ];
  },
};

function isCause(kind: string): boolean {
  return kind === 'rollback' || kind === 'unexplained';
}
