import { sha256Hex } from '../kernel/digest.ts';
import type { PathChange } from './snapshot.ts';

/**
 * What a head would do, as a digest: every path with its stored object and mode before and after, and the policy that it is judged
 * by. An approval given on an earlier head counts while this stays the same (judge.md §4.5).
 */
export function digestEffect(own: readonly PathChange[], policyText: string | null): string {
  const rows = own
    .map(({ path, before, after }) =>
      [path, before?.mode, before?.oid, after?.mode, after?.oid].map((v) => v ?? ''),
    )
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  return sha256Hex(JSON.stringify([policyText === null ? null : sha256Hex(policyText), rows]));
}
