import { isNeverTarget } from '../candidate.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from './rule.ts';

/** Some targets and tags are never promoted, in any lane. */
export const never: Rule = {
  name: 'never-list',
  check: ({ candidate: { patch, tags } }, { policy }) => {
    const findings: Finding[] = [];
    if (isNeverTarget(patch.target, policy)) findings.push({ code: 'NEVER_TARGET', effect: 'reject_policy' });
    for (const tag of tags) {
      if (policy.never.tags.includes(tag))
        findings.push({ code: 'NEVER_TAG', effect: 'reject_policy', observed: tag });
    }
    return findings;
  },
};
