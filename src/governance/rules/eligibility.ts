import { isListed } from '../candidate.ts';
import type { Finding } from '../finding.ts';
import { formatConfidence } from '../format-confidence.ts';
import type { Rule } from './rule.ts';

/** The policy lists the target, and the evidence is confident enough and does not say "not ready". */
export const eligibility: Rule = {
  name: 'eligibility',
  check: ({ candidate: { patch } }, { policy }) => {
    const findings: Finding[] = [];
    const { min_confidence: required } = policy.eligibility;
    if (!isListed(patch.target, policy))
      findings.push({ code: 'TARGET_NOT_LISTED', effect: 'reject_policy', observed: patch.target });
    if (patch.confidence === null)
      findings.push({
        code: 'CONFIDENCE_MISSING',
        effect: 'reject_policy',
        required: formatConfidence(required),
      });
    else if (patch.confidence < required) {
      findings.push({
        code: 'CONFIDENCE_TOO_LOW',
        effect: 'reject_policy',
        observed: formatConfidence(patch.confidence),
        required: formatConfidence(required),
      });
    }
    if (!patch.liveReady) findings.push({ code: 'NOT_LIVE_READY', effect: 'reject_policy' });
    return findings;
  },
};
