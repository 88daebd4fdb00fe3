import { formatScalar, type Parameter, type Scalar } from '../kernel/scalar.ts';
import { REDACTED } from '../kernel/secret.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';

/** A scalar for a terminal. */
export function showScalar(value: Scalar, parameter?: Parameter): string {
  if (value === REDACTED) return REDACTED;
  return escapeTerminal(formatScalar(value, parameter?.type));
}
