import type { AutoApplyPolicy } from '../governance/index.ts';
import type { Problem } from '../kernel/problem.ts';
import type { ChangeKind, PathPlace } from './classify.ts';
import type { LiveState } from './live-state.ts';
import type { Loops } from './loops.ts';
import type { ReviewFinding } from './review-finding.ts';
import type { Snapshot } from './snapshot.ts';

/** The policy of a tree: read, absent, or not readable. */
export type PolicyState =
  | { readonly state: 'read'; readonly policy: AutoApplyPolicy }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly problems: readonly Problem[] };

/** Everything that a rule of the judge may look at: the snapshot, and what was read out of it once. */
export interface Judgement {
  readonly snapshot: Snapshot;
  readonly loops: Loops;
  readonly kind: ChangeKind;
  /** Every touched path, by the change itself or by what merging would do. */
  readonly places: ReadonlyMap<string, PathPlace>;
  /** The policy that judges: that of the tip. */
  readonly policy: PolicyState;
  readonly before: LiveState;
  /** After the merge; null when git cannot merge. */
  readonly after: LiveState | null;
  /** True once the time for judging is over (judge.md §7). */
  readonly isOverdue: () => boolean;
}

/** One rule of the judge: facts about a change. No finding means that it holds. */
export interface ReviewRule {
  readonly name: string;
  readonly check: (judgement: Judgement) => readonly ReviewFinding[];
}

/** The policy that judges, where there is a readable one. */
export function judgingPolicy({ policy }: Pick<Judgement, 'policy'>): AutoApplyPolicy | null {
  return policy.state === 'read' ? policy.policy : null;
}
