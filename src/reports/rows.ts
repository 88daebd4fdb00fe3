import type { Style } from './style.ts';

/** Rows shown to people; `--json` has all. */
export const MAX_ROWS = 40;

/** `… and 60 more`, or nothing. */
export function moreRows(count: number, style: Style): string {
  return count <= MAX_ROWS ? '' : `\n${style.dim(`… and ${count - MAX_ROWS} more (--json lists all)`)}`;
}
