import { MAX_EVIDENCE_BYTES } from '../../review/index.ts';

/** What one fetch may cost. */
export interface FetchLimits {
  /** What may come in, as it is stored: compressed. */
  readonly packBytes: number;
  /** One object, unpacked. */
  readonly objectBytes: number;
  /** From the first request until everything is checked. */
  readonly seconds: number;
}

/** What a mirror may cost. */
export interface MirrorLimits {
  readonly base: FetchLimits;
  /** Also for notes: whoever may write to the repository can push them. */
  readonly head: FetchLimits;
  /** What a fetch must leave free on the disk. */
  readonly minFreeBytes: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Judge.md §7 asks for limits. Of a base: GitHub takes no file above 100 MiB
 * (https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github) and advises to stay
 * below 5 GB; a clone of 2 GiB takes minutes. Of a head: as much evidence as one change may add, for one file; twice that compressed.
 */
export const MIRROR_LIMITS: MirrorLimits = {
  base: { packBytes: 2048 * MEBIBYTE, objectBytes: 100 * MEBIBYTE, seconds: 600 },
  head: { packBytes: 64 * MEBIBYTE, objectBytes: MAX_EVIDENCE_BYTES, seconds: 60 },
  minFreeBytes: 512 * MEBIBYTE,
};
