import { boundsOf } from '../governance/index.ts';
import { distance, formatDecimal } from '../kernel/decimal.ts';
import { formatScalar } from '../kernel/scalar.ts';
import { type Judgement, judgingPolicy } from './judgement.ts';
import { differingTargets, type LiveState } from './live-state.ts';
import { type ReviewFinding, type RuleResult, worstOutcome } from './review-finding.ts';
import { shownParameter } from './shown-parameter.ts';
import type { ChangedValue } from './verdict.ts';

/**
 * Every value that a session would load otherwise after the merge, or that is written there for a session to refuse, with the policy's
 * bounds, and what rules say of it.
 */
export function listChangedValues(
  judgement: Judgement,
  rules: readonly RuleResult[],
): readonly ChangedValue[] {
  const { before, after } = judgement;
  const policy = judgingPolicy(judgement);
  if (after === null) return [];
  const said = findingsByTarget(rules);
  const refused = refusedTargets(judgement, after);
  const targets = [...new Set([...differingTargets(before.live, after.live), ...refused])].sort();
  return targets.map((target): ChangedValue => {
    const [from, to] = [before.live.get(target), after.live.get(target)];
    const bounds = policy === null ? [] : boundsOf(target, policy);
    const type = (to ?? from)?.type;
    const inType = (value: number) => formatScalar(value, type === 'float' ? type : undefined);
    const numbers = typeof from?.value === 'number' && typeof to?.value === 'number';
    const shown = shownParameter(target, to, policy);
    const written = shownParameter(target, after.overrides.get(target), policy);
    return {
      target,
      before: shownParameter(target, from, policy),
      after: refused.has(target) ? `${written}, refused by sessions: ${shown}` : shown,
      bounds:
        bounds.length === 0
          ? null
          : bounds.map(({ min, max }) => `${inType(min)} to ${inType(max)}`).join(', '),
      step:
        numbers && shown !== '[redacted]' && !refused.has(target)
          ? formatDecimal(distance(Number(from.value), Number(to.value)))
          : null,
      maxStep: bounds.length === 0 ? null : String(Math.min(...bounds.map(({ max_step: step }) => step))),
      outcome: worstOutcome(said.get(target) ?? []),
    };
  });
}

/** Targets whose override this change writes, and a session does not load: their value is not what it would be. */
function refusedTargets({ before }: Judgement, after: LiveState): ReadonlySet<string> {
  const refused = differingTargets(before.overrides, after.overrides).filter((target) => {
    const written = after.overrides.get(target);
    // An integer is taken for a float.
    return written !== undefined && written.value !== after.live.get(target)?.value;
  });
  return new Set(refused);
}

function findingsByTarget(rules: readonly RuleResult[]): ReadonlyMap<string, readonly ReviewFinding[]> {
  const found = new Map<string, ReviewFinding[]>();
  for (const finding of rules.flatMap(({ findings }) => findings)) {
    const { target } = finding;
    if (target === undefined) continue;
    const own = found.get(target);
    if (own === undefined) found.set(target, [finding]);
    else own.push(finding);
  }
  return found;
}
