import { type AutoApplyPolicy, isNeverTarget } from '../governance/index.ts';
import { formatScalar, type Parameter } from '../kernel/scalar.ts';
import { isSecretTarget, REDACTED, shownValue } from '../kernel/secret.ts';

/** A parameter as a finding may show it: `[redacted]` on the never-list and for secrets, `none` where there is none. */
export function shownParameter(
  target: string,
  parameter: Parameter | undefined,
  policy: AutoApplyPolicy | null,
): string {
  if (parameter === undefined) return 'none';
  const isHidden = policy === null ? isSecretTarget(target) : isNeverTarget(target, policy);
  const shown = isHidden ? REDACTED : shownValue(target, parameter.value);
  return shown === REDACTED ? REDACTED : formatScalar(shown, parameter.type);
}
