import { sha256Hex } from '../kernel/digest.ts';
import { formatScalar, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import type { Lane, PromotionDecision } from './decide.ts';

/**
 * Version of the derivation: what the same inputs yield, byte for byte. Raised whenever any artifact's bytes or any
 * decision changes; pinned by golden files (product.md §2).
 */
export const DERIVATION_VERSION = 1;

/** One accepted change. */
export interface Change {
  readonly target: string;
  readonly type: ParameterType;
  readonly old: Scalar;
  readonly new: Scalar;
}

/** A lane's accepted changes, sorted by target. */
export function changesOf(decisions: readonly PromotionDecision[], lane: Lane): readonly Change[] {
  return decisions
    .flatMap(({ lane: own, live, planned, candidate }) =>
      own === lane && live !== null
        ? [{ target: candidate.patch.target, type: live.type, old: live.value, new: planned }]
        : [],
    )
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** The identity of a proposal: SHA-256 over derivation version and changes, nothing else (product.md §1, change set). */
export function changeSetDigest(changes: readonly Change[]): string {
  const rows = changes.map(({ target, type, old, new: next }) => [
    target,
    formatScalar(old, type),
    formatScalar(next, type),
  ]);
  return sha256Hex(JSON.stringify([DERIVATION_VERSION, rows]));
}
