import { parseInstant } from '../../kernel/instant.ts';
import { patternCovers } from '../../kernel/target.ts';
import type { Finding } from '../finding.ts';
import { HOLDS, type Rule } from './rule.ts';

/** A target that an operator holds never enters the auto lane; people can still promote it by hand (product.md §4). */
export const holds: Rule = {
  name: 'holds',
  check: ({ candidate: { patch } }, { policy, now }) => {
    const entries = Object.entries(policy.holds);
    if (entries.length === 0) return HOLDS;
    return entries.flatMap(([pattern, { reason, until }]): readonly Finding[] => {
      const end = until === undefined ? null : parseInstant(until);
      if (!patternCovers(pattern, patch.target) || (end !== null && end <= now)) return HOLDS;
      const found = { code: 'ON_HOLD', effect: 'manual_only', observed: reason } as const;
      return [end === null ? found : { ...found, until: end }];
    });
  },
};
