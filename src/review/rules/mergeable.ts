import type { ReviewRule } from '../judgement.ts';
import { waits } from '../review-finding.ts';

/** Git can merge it (judge.md §4.3). Whether the result is what was judged is for the rules of promotions and rollbacks. */
export const mergeable: ReviewRule = {
  name: 'mergeable',
  check: ({ snapshot: { merged } }) => (merged === null ? [waits('MERGE_CONFLICT')] : []),
};
