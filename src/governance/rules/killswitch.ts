import type { Finding } from '../finding.ts';
import { HOLDS, type Rule } from './rule.ts';

const DISABLED: readonly Finding[] = [{ code: 'KILLSWITCH', effect: 'reject_policy' }];
const MANUAL: readonly Finding[] = [
  { code: 'MODE_NOT_AUTO', effect: 'manual_only', observed: 'manual_only' },
];

/** In mode `disabled` nothing is proposed; in any mode but `bounded_auto` there is no auto lane. */
export const killswitch: Rule = {
  name: 'killswitch',
  check: (_, { mode }) => {
    if (mode === 'disabled') return DISABLED;
    return mode === 'bounded_auto' ? HOLDS : MANUAL;
  },
};
