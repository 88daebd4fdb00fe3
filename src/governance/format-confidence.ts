import { decimal, formatDecimal } from '../kernel/decimal.ts';

/**
 * A confidence with three decimals, cut off rather than rounded up, so that 0.7499 never looks like 0.750
 * (`upstream-formats.md` W20).
 */
export function formatConfidence(confidence: number): string {
  const text = String(confidence);
  // A number's own text says the same, but for an exponent and the sign of zero.
  const isPlain = /^\d+(?:\.\d+)?$/.test(text) && !Object.is(confidence, -0);
  const [whole = '0', fraction = ''] = (isPlain ? text : formatDecimal(decimal(confidence))).split('.');
  return `${whole}.${fraction.slice(0, 3).padEnd(3, '0')}`;
}
