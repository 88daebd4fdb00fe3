import type { Scalar } from '../kernel/scalar.ts';

/** What history needs of a proposal's metadata. The file says it; that it is true is for the commit to show. */
export interface MergedProposal {
  readonly id: string;
  readonly lane: 'auto' | 'manual';
  /** The commit that it was derived from; null outside Git. */
  readonly baseCommit: string | null;
  /** At most one a target. */
  readonly changes: readonly { readonly target: string; readonly old: Scalar; readonly new: Scalar }[];
}

/** Reads `proposal_meta.json`; null when it is none. Given by the caller, because proposals are governance's. */
export type ReadProposal = (text: string, file: string) => MergedProposal | null;

/**
 * The ids that a `rollback.json` names: `{"schema_version": 1, "proposals": ["live_promotion_…"]}`, other keys are ignored.
 * Empty when it is none. It only matters where a later promotion covers what is taken back; values always speak for themselves.
 */
export function parseRollbackIds(text: string): readonly string[] {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return [];
  }
  const ids =
    typeof record === 'object' && record !== null ? (record as { proposals?: unknown }).proposals : [];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
