import { fitsType, formatScalar, type Scalar } from '../../kernel/scalar.ts';
import { escapeTerminal } from '../../kernel/text/escape-terminal.ts';
import { describeParameterType } from '../../liveconfig/index.ts';
import { HOLDS, type Rule } from './rule.ts';

/** The target exists, and the value is another one of the same type. */
export const shape: Rule = {
  name: 'shape',
  check: ({ candidate: { patch }, live, planned }) => {
    if (live === null) return [{ code: 'TARGET_UNKNOWN', effect: 'reject_sanity' }];
    if (patch.redacted) return [{ code: 'VALUE_HIDDEN', effect: 'reject_sanity' }];
    if (!fitsType(patch.value, live.type)) {
      return [
        {
          code: 'WRONG_TYPE',
          effect: 'reject_sanity',
          observed: describeScalar(patch.value),
          required: describeParameterType(live.type),
        },
      ];
    }
    if (typeof patch.value === 'string' && escapeTerminal(patch.value) !== patch.value)
      return [{ code: 'VALUE_UNSAFE', effect: 'reject_sanity' }];
    if (planned !== live.value) return HOLDS;
    return [{ code: 'NO_CHANGE', effect: 'reject_sanity', observed: formatScalar(live.value, live.type) }];
  },
};

function describeScalar(value: Scalar): string {
  if (typeof value !== 'number') return `a ${typeof value === 'string' ? 'text' : 'boolean'}`;
  return Number.isInteger(value) ? 'a whole number' : 'a fraction';
}
