import type { HistoryView } from '../governance/index.ts';
import type { Instant } from '../kernel/instant.ts';
import type { People } from './people.ts';
import type { ReviewHistory } from './review-history.ts';

/** Texts by path. */
export type Texts = ReadonlyMap<string, string>;

/** A file of a tree. `mode` is git's octal string: `100644` is a regular file, `120000` a link, `160000` a submodule. */
export interface StoredFile {
  readonly oid: string;
  readonly mode: string;
  readonly sizeBytes: number;
}

/** A path that differs between two trees; null where there is nothing. A rename is two of them. */
export interface PathChange {
  /** Relative to the governed root; a path outside of it starts with `/` and counts from the top of the repository. */
  readonly path: string;
  readonly before: StoredFile | null;
  readonly after: StoredFile | null;
}

/** One tree, as far as a judgement looks at it. */
export interface Side {
  /** Full id of the commit; of the tree, for the merge. */
  readonly id: string;
  /** Everything below `config/` and `reports/`, the layers, and what the change touches. */
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Of those, what is UTF-8 in a regular file within the limits, byte for byte; a byte order mark stays. */
  readonly texts: Texts;
}

/**
 * One change at one head, base and time: everything that a judgement depends on, as data. What could not be found out is null,
 * and never counts as yes.
 */
export interface Snapshot {
  readonly now: Instant;
  /** The tip of the base branch. */
  readonly base: Side;
  readonly head: Side;
  /** Where both part. The tip where `mergeBases` is not 1. */
  readonly mergeBase: Side;
  /** Number of best common ancestors; anything but 1 is refused. */
  readonly mergeBases: number;
  /** Committer time of the merge base. */
  readonly mergeBaseTime: Instant;
  /** The tree that merging gives; null when git cannot merge. */
  readonly merged: Side | null;
  /** Merge base → head: what the change itself does. */
  readonly own: readonly PathChange[];
  /** Tip → merge: what merging would do; empty when git cannot merge. */
  readonly effect: readonly PathChange[];
  readonly people: People | null;
  /** What the loops know of the past: on the merge base at the proposal's clock, and on the tip now. */
  readonly pasts: { readonly recorded: HistoryView | null; readonly now: HistoryView | null };
  readonly history: ReviewHistory | null;
  /** Whether the base branch is protected as judge.md §1 demands. */
  readonly isProtected: boolean | null;
  /** Whether all evidence of the base entered it as judge.md §3 demands; null when not known. */
  readonly isEvidenceTrusted: boolean | null;
  /** Where the policy of the tip cannot be read: the last first-parent version that can be. */
  readonly lastReadablePolicy: string | null;
}
