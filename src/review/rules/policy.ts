import { locatePolicyKey, parsePolicy } from '../../governance/index.ts';
import { AUDIT_PATH, POLICY_PATH } from '../../kernel/governed-paths.ts';
import type { Problem } from '../../kernel/problem.ts';
import { type Judgement, judgingPolicy, type ReviewRule } from '../judgement.ts';
import { MAX_LISTED } from '../limits.ts';
import { baseDigest, differingTargets, type LiveState } from '../live-state.ts';
import { diffPolicies, overallDirection } from '../policy-diff.ts';
import { failed, noted, type ReviewFinding } from '../review-finding.ts';
import { shownParameter } from '../shown-parameter.ts';

/** There is a readable policy on the base; without one only its first version, or its repair, can pass (judge.md §3). */
export const policyOnBase: ReviewRule = {
  name: 'policy-on-base',
  check: ({ policy, kind }) => {
    if (policy.state === 'read') return [];
    if (policy.state === 'missing')
      return [kind === 'first_policy' ? noted('POLICY_MISSING') : failed('POLICY_MISSING')];
    return [kind === 'policy' ? noted('POLICY_UNREADABLE') : failed('POLICY_UNREADABLE')];
  },
};

/** The policy after the merge is there and valid, and what it allows more or less is shown key by key. */
export const policyDifference: ReviewRule = {
  name: 'policy-difference',
  check: (judgement) => {
    const { merged, head } = judgement.snapshot;
    const text = (merged ?? head).texts.get(POLICY_PATH);
    if (text === undefined) return [failed('POLICY_REMOVED', { file: POLICY_PATH })];
    const after = parsePolicy(text);
    if (!after.ok) return after.problems.map(toInvalid);
    const { policy } = judgement;
    if (policy.state !== 'read') return [];
    const changes = diffPolicies(policy.policy, after.value);
    const children = changes.map(
      ({ direction, path, key, before, after: next }): ReviewFinding =>
        noted(direction === 'looser' ? 'POLICY_LOOSENED' : 'POLICY_TIGHTENED', {
          file: POLICY_PATH,
          ...locatePolicyKey(text, path),
          target: key,
          observed: before,
          required: next,
        }),
    );
    const overall = overallDirection(changes);
    const observed = { looser: 'loosening', stricter: 'tightening', none: 'not changing' }[overall ?? 'none'];
    return [noted('POLICY_RESULT', { observed, children }), ...findLoaded(judgement)];
  },
};

/**
 * Layers are named, left out and put in another order only where sessions load the same: until a policy names it, a file can be changed
 * by anybody, also after the policy has been approved.
 */
function findLoaded(judgement: Judgement): readonly ReviewFinding[] {
  const { before, after } = judgement;
  if (before.tree === null || after === null || baseDigest(before.tree) === baseDigest(after.tree)) return [];
  const policy = judgingPolicy(judgement);
  const shown = (state: LiveState, target: string) =>
    shownParameter(target, state.parameters.get(target), policy);
  const values = differingTargets(before.parameters, after.parameters).map((target) => ({
    target,
    observed: shown(before, target),
    required: shown(after, target),
  }));
  const faults = values.length === 0 ? [{ observed: 'other tables or lists', required: 'the same' }] : values;
  return faults
    .slice(0, MAX_LISTED)
    .map((fault) => failed('LAYERS_NOT_NEUTRAL', { file: POLICY_PATH, ...fault }));
}

function toInvalid(problem: Problem): ReviewFinding {
  const { line, column } = problem;
  return failed('POLICY_INVALID', { file: POLICY_PATH, line, column, problem });
}

/**
 * What a change of the policy counts as; null where that cannot be told, which then counts as loosening. So does acknowledging what an
 * audit found: one operator could do it, and silence what it says.
 */
export function directionOf({ policy, snapshot }: Judgement): 'looser' | 'stricter' | null {
  if (snapshot.own.some(({ path }) => path.startsWith(`${AUDIT_PATH}/`))) return null;
  const text = (snapshot.merged ?? snapshot.head).texts.get(POLICY_PATH);
  const after = parsePolicy(text ?? null);
  if (policy.state !== 'read' || !after.ok) return null;
  return overallDirection(diffPolicies(policy.policy, after.value)) ?? 'stricter';
}
