import type { FileChange, HistoryEvent } from '../history/index.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Deviation } from './deviation.ts';

/** The note of a commit, before it is understood; `unread` says why it was not read. */
export type StoredNote = { readonly text: string } | { readonly unread: string };

/** One commit of the base's first-parent line, as far as an audit looks at it. */
export interface AuditedCommit {
  readonly id: string;
  readonly time: Instant;
  /** The commit before it on the line; null for the first. */
  readonly previous: string | null;
  /** Parents beside that one. */
  readonly merged: readonly string[];
  /** Everything that it changes against the commit before it, below the governed root. */
  readonly files: readonly FileChange[];
  readonly events: readonly HistoryEvent[];
  readonly note: StoredNote | null;
  /** The policy right before it and right after it; null for none. */
  readonly policy: { readonly before: string | null; readonly after: string | null };
}

/** A deviation of a commit; what is not said is empty. */
export function deviate(
  { id, time }: Pick<AuditedCommit, 'id' | 'time'>,
  code: Deviation['code'],
  facts: Partial<Omit<Deviation, 'code' | 'commit' | 'time'>> = {},
): Deviation {
  return {
    code,
    commit: id,
    time,
    isNoted: false,
    files: [],
    observed: '',
    required: '',
    findings: [],
    ...facts,
  };
}
