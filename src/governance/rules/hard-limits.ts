import { formatScalar } from '../../kernel/scalar.ts';
import { formatRange, hardLimitOf, keepsRange, type Range } from '../../liveconfig/index.ts';
import type { AutoApplyPolicy } from '../policy-schema.ts';
import { HOLDS, type Rule } from './rule.ts';

/** Neither what the evidence recommends nor what would become live may break a hard limit, compiled in or the policy's. */
export const hardLimits: Rule = {
  name: 'hard-limits',
  check: ({ candidate: { patch, tags }, live, planned }, { policy }) => {
    if (patch.redacted || live === null) return HOLDS;
    return hardLimitsOf(patch.target, tags, policy).flatMap((limit) => {
      const broken = [patch.value, planned].find((value) => !keepsRange(value, limit));
      if (broken === undefined) return [];
      return [
        {
          code: 'HARD_LIMIT',
          effect: 'reject_sanity',
          observed: formatScalar(broken, live.type),
          required: formatRange(limit),
        },
      ] as const;
    });
  },
};

/** Every hard limit that applies to a target with these tags, compiled in or the policy's. All must hold: a policy can only narrow. */
export function hardLimitsOf(
  target: string,
  tags: readonly string[],
  policy: AutoApplyPolicy,
): readonly Range[] {
  const compiled = hardLimitOf(target, tags);
  const own = [target, ...tags].flatMap((name) => {
    const limit = Object.hasOwn(policy.hard_limits, name) ? policy.hard_limits[name] : undefined;
    return limit === undefined
      ? []
      : [{ min: limit.min ?? Number.NEGATIVE_INFINITY, max: limit.max ?? Number.POSITIVE_INFINITY }];
  });
  return compiled === null ? own : [compiled, ...own];
}
