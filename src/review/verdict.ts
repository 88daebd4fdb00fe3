import type { Instant } from '../kernel/instant.ts';
import type { ChangeKind } from './classify.ts';
import { type Outcome, type RuleResult, worstOutcome } from './review-finding.ts';

/** What GitHub's check would say (judge.md §6). `action_required`: waits for people or time, or could not be found out. */
export type Conclusion = 'success' | 'failure' | 'action_required';

/** One value that a session would load otherwise after the merge, or refuse; texts are ready to show but for the escaping. */
export interface ChangedValue {
  readonly target: string;
  readonly before: string;
  readonly after: string;
  /** `1.0 to 2.0`, or null where none are set. */
  readonly bounds: string | null;
  /** Exact decimal distance, or null for what is no number. */
  readonly step: string | null;
  /** Largest permitted step, or null. */
  readonly maxStep: string | null;
  readonly outcome: Outcome;
}

/** The answer about one change at one head, base and time. */
export interface Verdict {
  readonly conclusion: Conclusion;
  /** Null where an internal error came first. */
  readonly kind: ChangeKind | null;
  /** Only promotions have a lane. */
  readonly lane: 'auto' | 'manual' | null;
  readonly proposalId: string | null;
  /** Full ids. */
  readonly head: string;
  readonly base: string;
  readonly mergeBase: string;
  /** SHA-256 of the policy that judged; null for none. */
  readonly policyDigest: string | null;
  readonly time: Instant;
  /** At the latest in an hour it has to be judged again. */
  readonly validUntil: Instant;
  readonly changes: readonly ChangedValue[];
  /** Every rule that was asked, in order. */
  readonly rules: readonly RuleResult[];
}

/** What all rules together conclude: only when nothing fails, waits or is unknown may it be merged. */
export function conclude(rules: readonly RuleResult[]): Conclusion {
  switch (worstOutcome(rules)) {
    case 'passed':
    case 'noted':
      return 'success';
    case 'waits':
    case 'undetermined':
      return 'action_required';
    case 'failed':
      return 'failure';
  }
}
