import { decimal, distance, formatDecimal } from '../../kernel/decimal.ts';
import { formatScalar } from '../../kernel/scalar.ts';
import { boundsOf } from '../bounds-of.ts';
import type { Finding } from '../finding.ts';
import { HOLDS, type Rule } from './rule.ts';

const NONE_SET: readonly Finding[] = [{ code: 'NO_BOUNDS', effect: 'manual_only' }];

/**
 * The planned value lies inside the bounds, and no further from the live value than one step. The step is measured from
 * the live value in exact decimals, never from what the evidence claims.
 */
export const bounds: Rule = {
  name: 'bounds',
  check: ({ candidate: { patch }, live, planned }, { policy }) => {
    if (live === null || patch.redacted) return HOLDS;
    const all = boundsOf(patch.target, policy);
    if (all.length === 0 || typeof planned !== 'number' || typeof live.value !== 'number') {
      return NONE_SET;
    }
    const findings: Finding[] = [];
    const step = distance(planned, live.value);
    for (const { min, max, max_step } of all) {
      if (planned < min || planned > max) {
        findings.push({
          code: 'OUT_OF_BOUNDS',
          effect: 'manual_only',
          observed: formatScalar(planned, live.type),
          required: `${min} to ${max}`,
        });
      }
      if (step.gt(decimal(max_step))) {
        findings.push({
          code: 'STEP_EXCEEDED',
          effect: 'manual_only',
          observed: formatDecimal(step),
          required: String(max_step),
        });
      }
    }
    if (planned !== patch.value) {
      findings.push({
        code: 'STEP_CLAMPED',
        effect: 'note',
        observed: formatScalar(patch.value, live.type),
        required: formatScalar(planned, live.type),
      });
    }
    return findings;
  },
};
