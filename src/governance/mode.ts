import { POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { locatePolicyKey } from './policy.ts';
import { type AutoApplyPolicy, MODES, type Mode } from './policy-schema.ts';

/** Which mode holds, and why it is not the one that was asked for. */
export interface EffectiveMode {
  readonly mode: Mode;
  /** True when the lock degraded bounded_auto. */
  readonly degradedByLock: boolean;
}

/** The strictest of policy, lock and request. Asking for a looser mode than the policy's fails and names its line. */
export function resolveMode(
  policy: AutoApplyPolicy,
  requested: Mode | null,
  policyText: string,
  file: string = POLICY_PATH,
): Result<EffectiveMode> {
  const allowed = policy.promotion.mode;
  if (requested !== null && MODES.indexOf(requested) > MODES.indexOf(allowed))
    return fail(looser(requested, allowed, policyText, file));
  const wanted = requested ?? allowed;
  const degradedByLock = policy.promotion.lock && wanted === 'bounded_auto';
  return ok({ mode: degradedByLock ? 'manual_only' : wanted, degradedByLock });
}

function looser(requested: Mode, allowed: Mode, policyText: string, file: string): Problem {
  const position = locatePolicyKey(policyText, ['promotion', 'mode']);
  return problem('MODE_LOOSER_THAN_POLICY', { requested, policy: allowed }, { file, ...position });
}
