import type { Instant } from '../kernel/instant.ts';
import type { ParameterType, Scalar } from '../kernel/scalar.ts';

/**
 * Where a patch stands. PROPOSED: evidence recommends it; APPLIED_OFFLINE: its value is in the derived `config/auto`;
 * PROMOTED: it is the live value; RETIRED: all its evidence has expired. (REJECTED patches are dropped when read.)
 */
export type PatchStatus = 'PROPOSED' | 'APPLIED_OFFLINE' | 'PROMOTED' | 'RETIRED';

/** Why several pieces of evidence about one target cannot all be right. */
export type PatchConflict =
  /** Some recommend more than the live value, some less. */
  | 'direction'
  /** Texts, booleans or kinds of values differ. */
  | 'disagreement'
  /** One experiment was reported with different values. */
  | 'experiment';

/** One place in the evidence that a patch rests on. */
export interface PatchSource {
  readonly file: string;
  readonly line: number;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** What this piece alone recommends; `[redacted]` where its value must not be shown. */
  readonly value: Scalar;
  /** 0–1, or null when it gives none. */
  readonly confidence: number | null;
}

/** Evidence whose value is of a type that the parameter cannot hold. It says nothing about the value, and is told apart. */
export interface UnfitEvidence {
  /** Distinct pieces, ≥ 1. */
  readonly count: number;
  /** `file:line` of the newest. */
  readonly place: string;
}

/** One proposed change of one target, combined from all valid evidence about it. */
export interface ConfigPatch {
  /** `patch-` and 12 hex digits of the digest of target and value. */
  readonly id: string;
  readonly target: string;
  /** The recommended value; `[redacted]` where `redacted`. */
  readonly value: Scalar;
  readonly redacted: boolean;
  /** The type in the base configuration; null when the target is not there. */
  readonly type: ParameterType | null;
  readonly status: PatchStatus;
  /** Distinct old values that the evidence believes in, sorted, at most 20. */
  readonly claimedOld: readonly Scalar[];
  /** 0–1, or null when no evidence gives one. */
  readonly confidence: number | null;
  /** Sum over distinct evidence, or null when none gives one. */
  readonly sampleSize: number | null;
  readonly conflict: PatchConflict | null;
  /** What was left out beside evidence that fits; null for nothing, also where nothing fits. */
  readonly unfit: UnfitEvidence | null;
  readonly liveReady: boolean;
  /** Tags that the evidence adds, sorted. */
  readonly tags: readonly string[];
  /** Distinct pieces of evidence. */
  readonly evidenceCount: number;
  /** Kinds of evidence (`test_health`, …), sorted. */
  readonly evidenceKinds: readonly string[];
  /** Merkle root over the digests of all evidence files that report it, repetitions included (`merkleRoot`). */
  readonly evidenceRoot: string | null;
  /** At most 20, newest first. */
  readonly sources: readonly PatchSource[];
  /** Newest date of the evidence; null when none is dated. */
  readonly newest: Instant | null;
  /** Newest date on which any of the experiments was first reported: repeating an old one does not make it new. */
  readonly newestExperiment: Instant | null;
  /** Pieces of evidence without a date. */
  readonly undated: number;
}
