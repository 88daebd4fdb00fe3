import { DAY_MS, formatInstant } from '../../kernel/instant.ts';
import { formatScalar } from '../../kernel/scalar.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from './rule.ts';

/** The evidence is dated, young, and believes in the value that is live or that offline runs have. */
export const freshness: Rule = {
  name: 'freshness',
  check: ({ candidate: { patch }, live }, { policy, now, offline }) => {
    const findings: Finding[] = [];
    const known = [live?.value, offline.get(patch.target)];
    const stale = live === null ? [] : patch.claimedOld.filter((claim) => !known.includes(claim));
    if (stale.length > 0 && live !== null) {
      const values = [`live is ${formatScalar(live.value, live.type)}`];
      const research = offline.get(patch.target);
      if (research !== undefined) values.push(`offline is ${formatScalar(research, live.type)}`);
      const observed = stale.map((claim) => formatScalar(claim, live.type)).join(', ');
      findings.push({
        code: 'OLD_VALUE_STALE',
        effect: 'manual_only',
        observed,
        required: values.join(', '),
      });
    }
    const days = policy.evidence.auto_max_age_days;
    if (patch.undated > 0) {
      findings.push({
        code: 'EVIDENCE_UNDATED',
        effect: 'manual_only',
        observed: `${patch.undated} of ${patch.evidenceCount}`,
      });
    }
    if (patch.newest !== null && now - patch.newest > days * DAY_MS) {
      findings.push({
        code: 'EVIDENCE_OLD',
        effect: 'manual_only',
        observed: formatInstant(patch.newest),
        required: `${days} days`,
      });
    }
    return findings;
  },
};
