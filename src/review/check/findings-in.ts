import { OUTCOMES, type ReviewFinding } from '../review-finding.ts';
import type { Verdict } from '../verdict.ts';

/** A finding of the judge, with the rule that found it. */
export interface FoundBy {
  readonly rule: string;
  readonly finding: ReviewFinding;
}

/** Every finding of a verdict, worst outcome first; among equals in the order of the rules. */
export function findingsIn({ rules }: Pick<Verdict, 'rules'>): readonly FoundBy[] {
  const all = rules.flatMap(({ rule, findings }) => findings.map((finding) => ({ rule, finding })));
  return all.sort((a, b) => rank(b) - rank(a));
}

function rank({ finding }: FoundBy): number {
  return OUTCOMES.indexOf(finding.outcome);
}
