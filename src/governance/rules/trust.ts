import { formatInstant, HOUR_MS } from '../../kernel/instant.ts';
import { counted } from '../../kernel/text/counted.ts';
import { describeParameterType } from '../../liveconfig/index.ts';
import type { Finding } from '../finding.ts';
import { formatConfidence } from '../format-confidence.ts';
import { HOLDS, type Rule } from './rule.ts';

/**
 * The auto lane wants more confidence than a proposal needs, and evidence that agrees. Where texts or booleans differ there is
 * no value in between to propose at all: the decision waits for evidence that agrees. Evidence of a type that the parameter
 * cannot hold was left out, and somebody should look at the tool that wrote it.
 */
export const autoConfidence: Rule = {
  name: 'auto-confidence',
  check: ({ candidate: { patch } }, { policy }) => {
    const findings: Finding[] = [];
    const required = policy.auto.min_confidence;
    if (patch.confidence !== null && patch.confidence < required) {
      findings.push({
        code: 'CONFIDENCE_NOT_AUTO',
        effect: 'manual_only',
        observed: formatConfidence(patch.confidence),
        required: formatConfidence(required),
      });
    }
    if (patch.conflict !== null) {
      const effect = patch.conflict === 'disagreement' ? 'pending' : 'manual_only';
      findings.push({ code: 'EVIDENCE_CONFLICT', effect, observed: patch.conflict });
    }
    if (patch.unfit !== null && patch.type !== null) {
      const { count, place } = patch.unfit;
      const observed = `${counted(count, 'piece')} of evidence (${count === 1 ? '' : 'the newest: '}${place})`;
      const required = describeParameterType(patch.type);
      findings.push({ code: 'EVIDENCE_WRONG_TYPE', effect: 'manual_only', observed, required });
    }
    return findings;
  },
};

const NO_HEALTH: readonly Finding[] = [{ code: 'TEST_HEALTH_MISSING', effect: 'manual_only' }];

/** The latest test-health score is good enough and young enough; the auto lane is closed for everything without it. */
export const testHealth: Rule = {
  name: 'test-health',
  check: (_, { policy, now, latestHealth }) => {
    if (latestHealth === null) return NO_HEALTH;
    const { min_test_health: score, max_test_health_age_hours: hours } = policy.auto;
    const { time, expiresAt } = latestHealth;
    // An expired score is not passed over: an older and better one must not take its place.
    const isExpired = expiresAt !== null && expiresAt <= now;
    if (isExpired || now - time > hours * HOUR_MS) {
      return [
        {
          code: 'TEST_HEALTH_OLD',
          effect: 'manual_only',
          observed: formatInstant(time),
          required: isExpired ? 'its own expiry' : `${hours} hours`,
        },
      ];
    }
    if (latestHealth.score >= score) return HOLDS;
    return [
      {
        code: 'TEST_HEALTH_LOW',
        effect: 'manual_only',
        observed: String(latestHealth.score),
        required: String(score),
      },
    ];
  },
};
