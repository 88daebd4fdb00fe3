import type { Instant } from '../kernel/instant.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Parameter } from '../kernel/scalar.ts';
import type { MergedProposal } from './merged-proposal.ts';

/** A change of what a live session would load; null where the base configuration has no such parameter. */
export interface LiveChange {
  readonly target: string;
  readonly before: Parameter | null;
  readonly after: Parameter | null;
}

/** A promotion that a rollback took back on one target; no id where no proposal of the history set the value. */
export interface UndoneChange {
  readonly target: string;
  readonly proposalId: string | null;
}

interface CommitFacts {
  readonly commit: string;
  /** When it came onto the line: the claimed time, made monotonic (`placeInTime`). */
  readonly time: Instant;
  /** Sorted by target. */
  readonly changes: readonly LiveChange[];
}

/** Proposals were merged: together they explain everything that the commit did to `auto.toml`. */
export interface Promotion extends CommitFacts {
  readonly kind: 'promotion';
  readonly proposals: readonly MergedProposal[];
}

/** Touched targets went back to the value before their latest still-standing promotion, or lost their override. */
export interface Rollback extends CommitFacts {
  readonly kind: 'rollback';
  /** Empty where only unexplained values went back to settled ones. */
  readonly undone: readonly UndoneChange[];
}

/** The policy was added, changed or removed. */
export interface PolicyChange extends CommitFacts {
  readonly kind: 'policy';
}

/** The base configuration or a layer was changed; `problems` say why a session could not load it. */
export interface ConfigurationChange extends CommitFacts {
  readonly kind: 'configuration';
  readonly problems: readonly Problem[];
}

/** Live values, or records that must not change, were changed, and nothing in the commit explains how. */
export interface Unexplained extends CommitFacts {
  readonly kind: 'unexplained';
  /** The files in question. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /**
   * The later commit that explains this one's changes together with its own, or takes them all back: then these values count
   * as never live (ADR 0009). Null while they stand.
   */
  readonly settledBy: string | null;
}

/** One thing that a first-parent commit did to the governed files. A commit can have done several. */
export type HistoryEvent = Promotion | Rollback | PolicyChange | ConfigurationChange | Unexplained;
