import type { History } from './read-history.ts';
import type { Override } from './target-ledger.ts';

/** What taking one promotion back means, target by target. */
export interface RollbackPlan {
  /** The override that each target goes back to; undefined takes the override away. */
  readonly restore: ReadonlyMap<string, Override>;
  /** Targets that a later promotion has moved on: their live values stay, and that one then goes back to before both. */
  readonly covered: readonly string[];
}

/** Plans the rollback of one proposal on top of a history; nothing in it where none of its changes stands any more. */
export function planRollback({ ledgers }: History, proposalId: string): RollbackPlan {
  const restore = new Map<string, Override>();
  const covered: string[] = [];
  for (const [target, { standing }] of ledgers.entries()) {
    const top = standing.at(-1);
    if (top?.proposalId === proposalId) restore.set(target, top.before);
    else if (standing.some((entry) => entry.proposalId === proposalId)) covered.push(target);
  }
  return { restore, covered: covered.sort() };
}
