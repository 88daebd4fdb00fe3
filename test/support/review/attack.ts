import type { ReviewHistory } from '../../../src/review/review-history.ts';
import type { Change, GovernedRepo } from './governed-repo.ts';

/** One attack: complete changes that must be refused, and the honest twin that must pass. */
export interface Attack {
  /** What the attacker hopes for. */
  readonly hope: string;
  /** Each way to try it: made with real git. */
  readonly variants: Readonly<Record<string, (repo: GovernedRepo) => Change | Promise<Change>>>;
  readonly conclusion: 'failure' | 'action_required';
  /** The codes for which every variant has to be refused; `CODE place` names file or target, too. */
  readonly codes: readonly string[];
  /** More codes for single variants. */
  readonly also?: Readonly<Record<string, readonly string[]>>;
  /** What an honest person does in its place. */
  readonly twin: (repo: GovernedRepo) => Change | Promise<Change>;
  /** Another past than the repository's own. */
  readonly history?: (repo: GovernedRepo) => ReviewHistory;
  /** Whether two operators have approved the attack, deceived. Default true. */
  readonly isApproved?: boolean;
  /** Codes that stand against the attack only with that other past. */
  readonly needsHistory?: readonly string[];
  /** What a clone alone cannot tell about the twin. Default: approvals. */
  readonly unknownLocally?: readonly string[];
}
