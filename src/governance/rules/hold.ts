import { DAY_MS, formatInstant, type Instant, parseInstant } from '../../kernel/instant.ts';
import { patternCovers } from '../../kernel/target.ts';
import type { Finding } from '../finding.ts';
import type { Move } from '../history-view.ts';
import { HOLDS, type Rule, type RuleContext } from './rule.ts';

/**
 * The auto lane leaves a target alone that an operator holds; and after a rollback, or a change that nothing explains, until operators
 * promote it again or release it (product.md §7), or where the policy says so after `hold_days`. People can promote it by hand all the time.
 */
export const hold: Rule = {
  name: 'hold',
  check: ({ candidate: { patch } }, context) => [
    ...operatorHolds(patch.target, context),
    ...holdAfterChange(patch.target, context),
  ],
};

function operatorHolds(target: string, { policy, now }: RuleContext): readonly Finding[] {
  const entries = Object.entries(policy.holds);
  if (entries.length === 0) return HOLDS;
  return entries.flatMap(([pattern, { reason, until }]): readonly Finding[] => {
    const end = until === undefined ? null : parseInstant(until);
    if (!patternCovers(pattern, target) || (end !== null && end <= now)) return HOLDS;
    const found = { code: 'HELD', effect: 'manual_only', observed: reason } as const;
    return [end === null ? found : { ...found, until: end }];
  });
}

function holdAfterChange(target: string, context: RuleContext): readonly Finding[] {
  const { policy, now, history } = context;
  const moves = history?.byTarget.get(target) ?? [];
  const last = moves.findLast((move) => isCause(move) || move.byOperators);
  if (last === undefined || last.byOperators || isReleased(target, last.at, context)) return HOLDS;
  const { hold_days: days } = policy.budgets;
  if (days !== undefined && now - last.at > days * DAY_MS) return HOLDS;
  return [{ code: 'ON_HOLD', effect: 'manual_only', observed: formatInstant(last.at), required: last.kind }];
}

function isCause({ kind }: Move): boolean {
  return kind === 'rollback' || kind === 'unexplained';
}

/**
 * A release ends the holds from before it, and none to come. It must name the target itself: a pattern could end a hold that nobody
 * looked at.
 */
function isReleased(target: string, since: Instant, { policy: { releases }, now }: RuleContext): boolean {
  const at = Object.hasOwn(releases, target) ? parseInstant(releases[target]?.at ?? '') : null;
  return at !== null && at > since && at <= now;
}
