/**
 * Which rules does a change of some kind have to keep?
 *
 * Invariants: one rule answers one paragraph of judge.md (docs/governance-check.md), pure, `judgement → findings`; every rule of a
 * kind is asked, so that every reason is told at once. Does not belong here: what the findings together mean (`verdict.ts`).
 */
import type { ChangeKind } from '../classify.ts';
import type { ReviewRule } from '../judgement.ts';
import { agreement, lane } from './agreement.ts';
import { authentic, quarantine } from './authentic.ts';
import { configuration } from './config.ts';
import { evidenceOnlyAdded } from './evidence.ts';
import { filters } from './filters.ts';
import { firstPolicy } from './first-policy.ts';
import { limits } from './limits.ts';
import { live } from './live.ts';
import { mergeable } from './mergeable.ts';
import { policyDifference, policyOnBase } from './policy.ts';
import { rollback } from './rollback.ts';
import { structure } from './structure.ts';
import { killswitch, mergedAsJudged, validNow } from './valid-now.ts';

/** Asked of every change. */
const COMMON: readonly ReviewRule[] = [limits, structure, filters, policyOnBase, live, mergeable];

const BY_KIND: Readonly<Record<ChangeKind, readonly ReviewRule[]>> = {
  promotion: [killswitch, quarantine, authentic, validNow, mergedAsJudged, lane],
  rollback: [rollback],
  evidence: [evidenceOnlyAdded, quarantine],
  policy: [policyDifference],
  first_policy: [policyDifference, firstPolicy, quarantine],
  config: [configuration],
  machinery: [],
  unrelated: [],
};

/** All rules for a kind of change, in the order in which their findings are told; who agrees comes last. */
export function rulesFor(kind: ChangeKind): readonly ReviewRule[] {
  return [...COMMON, ...BY_KIND[kind], agreement];
}

/** Every rule once. */
export const REVIEW_RULES: readonly ReviewRule[] = [
  ...new Set([...COMMON, ...Object.values(BY_KIND).flat(), agreement]),
];
