import { formatInstant } from '../../kernel/instant.ts';
import { declineEnds, isDeclined } from '../declined.ts';
import type { Rule } from './rule.ts';

/** An operator's "no" to a value holds for a while. It only ever keeps a change out. */
export const declined: Rule = {
  name: 'declined',
  check: ({ candidate: { patch }, planned }, { declined: all, now }) =>
    all
      .filter((one) => isDeclined(one, patch, { planned, now }))
      .map((one) => {
        const ends = declineEnds(one);
        return {
          code: 'DECLINED',
          effect: 'pending',
          observed: `#${one.pullRequest}`,
          required: formatInstant(one.closedAt),
          ...(now < ends ? { until: ends } : {}),
        } as const;
      }),
};
