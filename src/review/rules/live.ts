import { type AutoApplyPolicy, hardLimitsOf, isNeverTarget, tagsOf } from '../../governance/index.ts';
import type { Problem } from '../../kernel/problem.ts';
import { isSameParameter } from '../../kernel/scalar.ts';
import { formatRange, keepsRange } from '../../liveconfig/index.ts';
import { judgingPolicy, type ReviewRule } from '../judgement.ts';
import { MAX_LISTED } from '../limits.ts';
import { differingTargets, type LiveState } from '../live-state.ts';
import { failed, noted, type ReviewFinding } from '../review-finding.ts';
import { shownParameter } from '../shown-parameter.ts';

/**
 * The whole live configuration as it would be after the merge: nothing that a session refuses or ignores is new, and what
 * changes keeps every hard limit, compiled in and of the policy, and the never-list. Whatever was wrong before is told.
 */
export const live: ReviewRule = {
  name: 'live',
  check: ({ before, after, ...judgement }) =>
    after === null ? [] : findLiveFaults(before, after, judgingPolicy(judgement)),
};

/** What one live state has that the one before it had not, and no session should load; what was wrong before is only noted. */
export function findLiveFaults(
  before: LiveState,
  after: LiveState,
  policy: AutoApplyPolicy | null,
): readonly ReviewFinding[] {
  const faults = [...findNewProblems(before, after, policy), ...findBroken(before, after, policy)];
  // What fails first: nothing that is only noted may cut it off.
  const failures = faults.filter(({ outcome }) => outcome !== 'noted');
  return [...failures, ...faults.filter(({ outcome }) => outcome === 'noted')].slice(0, MAX_LISTED);
}

function findNewProblems(
  before: LiveState,
  after: LiveState,
  policy: AutoApplyPolicy | null,
): readonly ReviewFinding[] {
  const known = new Set(before.problems.map((found) => JSON.stringify(found)));
  return after.problems.map((found) => {
    const isNew = !known.has(JSON.stringify(found)) && found.severity === 'error';
    const { target } = found.args;
    const isHidden = target !== undefined && policy !== null && isNeverTarget(target, policy);
    const facts = { ...placeOf(found), problem: isHidden ? withoutValues(found) : found };
    return isNew ? failed('LIVE_CONFIG_INVALID', facts) : noted('LIVE_CONFIG_INVALID', facts);
  });
}

function placeOf({ file, line, column, args: { target } }: Problem) {
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line, column }),
    ...(target === undefined ? {} : { target }),
  };
}

function withoutValues(found: Problem): Problem {
  return { ...found, args: { ...found.args, observed: '[redacted]' } };
}

function findBroken(
  before: LiveState,
  after: LiveState,
  policy: AutoApplyPolicy | null,
): readonly ReviewFinding[] {
  if (policy === null) return [];
  const limits = differingTargets(before.live, after.live).flatMap((target) => {
    const parameter = after.live.get(target);
    if (parameter === undefined) return [];
    const broken = hardLimitsOf(target, tagsOf(target, [], policy), policy).find(
      (limit) => !keepsRange(parameter.value, limit),
    );
    const observed = shownParameter(target, parameter, policy);
    return broken === undefined
      ? []
      : [failed('HARD_LIMIT', { target, observed, required: formatRange(broken) })];
  });
  const never = [...after.overrides].flatMap(([target, parameter]) =>
    isNeverTarget(target, policy) && !isSameParameter(parameter, before.overrides.get(target))
      ? [failed('NEVER_TARGET', { target })]
      : [],
  );
  return [...limits, ...never];
}
