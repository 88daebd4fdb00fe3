import type { Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';

/** Tags of one signal or patch: nobody reads more, and each has its name in every patch. */
export const MAX_TAGS = 100;

/** What all changes of one kind of signal share; interned, because a night's evidence repeats it. */
export interface SignalTraits {
  /** Which tool the evidence comes from: `test_health`, `trigger_training`, `macro`, `patch`, … */
  readonly source: string;
  /** Lower-case tags the signal adds, sorted. */
  readonly tags: readonly string[];
  /** False when the signal says `meta.is_live_ready: false`: it may only hold a promotion back. */
  readonly liveReady: boolean;
  /** Weight of this kind of evidence, 0–1 (default 1). */
  readonly quality: number;
}

/** One recommended change, as evidence says it: validated in form, trusted in nothing. */
export interface EvidenceChange {
  readonly target: string;
  readonly value: Scalar;
  /** What the evidence believes the old value was; null when it says nothing. */
  readonly claimedOld: Scalar | null;
  /** 0–1, or null when not given. */
  readonly confidence: number | null;
  /** Observations behind it, ≥ 0, or null when not given. */
  readonly sampleSize: number | null;
  readonly time: Instant | null;
  readonly expiresAt: Instant | null;
  readonly traits: SignalTraits;
  /** SHA-256 (as 32 latin1 characters): equal for the same evidence told twice (product.md §3). */
  readonly identity: string;
}

/** A test-health score and where it stands. */
export interface PlacedHealth extends HealthObservation {
  /** Index into the files of the evidence table. */
  readonly file: number;
  readonly line: number;
}

/** One test-health score. */
export interface HealthObservation {
  /** 0–100. */
  readonly score: number;
  readonly time: Instant;
  /** When the signal itself expires; null for never. */
  readonly expiresAt: Instant | null;
}
