import { ask, openJudgement } from './judge.ts';
import type { Loops } from './loops.ts';
import type { ReviewFinding } from './review-finding.ts';
import { authentic } from './rules/authentic.ts';
import { findMoved, killswitch } from './rules/valid-now.ts';
import type { Snapshot } from './snapshot.ts';

const RULES = [killswitch, authentic, { name: 'valid-now', check: findMoved }];

/**
 * Was a promotion that stands on the base what both loops gave, and did the policy of its base allow promotions at all? The snapshot's
 * base is the commit right before it, its head the commit itself, its merge base the commit that it was derived from. Evidence that
 * expires and freezes that begin between the verdict and the merge are the verdict's concern. Notes are left out.
 */
export function judgeMerged(snapshot: Snapshot, loops: Loops): readonly ReviewFinding[] {
  const judgement = openJudgement(snapshot, loops);
  return RULES.flatMap((rule) => ask(rule, judgement).findings).filter(({ outcome }) => outcome !== 'noted');
}
