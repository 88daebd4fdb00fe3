/** Enough for what a judgement reads of 10,000 evidence files, twice over; in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What an entry takes beside its key and what is told of it, roughly. */
const ENTRY_BYTES = 128;

interface Entry {
  readonly value: unknown;
  readonly bytes: number;
}

/**
 * What is true of git objects, kept by questions that name them by full ids alone, so that nothing anybody pushes can change an answer.
 * Bounded in bytes, roughly: what was not asked for the longest goes first. Losing an answer costs git processes, never a wrong verdict.
 */
export class ObjectMemory {
  readonly #generationBytes: number;
  #young = new Map<string, Entry>();
  #youngBytes = 0;
  #old = new Map<string, Entry>();

  constructor(maxBytes = MAX_BYTES) {
    // Two generations stand for the order of use, without which each look-up would be a write.
    this.#generationBytes = maxBytes / 2;
  }

  /** The value kept under a key, as it was given; undefined for none. */
  get(key: string): unknown {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old !== undefined) this.#keep(key, old);
    return old?.value;
  }

  /** Keeps a value of so many bytes, unless it alone is more than half of what there is room for. */
  set(key: string, value: unknown, bytes: number): void {
    this.#keep(key, { value, bytes: bytes + 2 * key.length + ENTRY_BYTES });
  }

  #keep(key: string, entry: Entry): void {
    if (entry.bytes > this.#generationBytes) return;
    if (this.#youngBytes + entry.bytes > this.#generationBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#youngBytes += entry.bytes - (this.#young.get(key)?.bytes ?? 0);
    this.#young.set(key, entry);
  }
}
