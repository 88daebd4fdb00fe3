/** No commit: the other side of a created or deleted ref. */
export const ZERO_ID = '0'.repeat(40);

/** `main` of `refs/heads/main`, or null for what is no branch. */
export function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}
