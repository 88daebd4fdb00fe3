import { HOLDS, type Rule } from './rule.ts';

/** In mode `disabled` nothing is proposed; in any mode but `bounded_auto` there is no auto lane. */
export const killswitch: Rule = {
  name: 'killswitch',
  check: (_, { mode }) => {
    if (mode === 'disabled') return [{ code: 'KILLSWITCH', effect: 'reject_policy' }];
    return mode === 'bounded_auto'
      ? HOLDS
      : [{ code: 'MODE_NOT_AUTO', effect: 'manual_only', observed: mode }];
  },
};
