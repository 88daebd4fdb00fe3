import type { Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import type { EvidenceChange, SignalTraits } from './evidence-change.ts';

/** Rows a block holds; a power of two, so that a row number splits by shift and mask. */
const BLOCK_ROWS = 1 << 15;
/** Bytes of the identity that are kept: 128 bits, beyond any accidental or affordable collision. */
const IDENTITY_BYTES = 16;

const KIND_NONE = 0;
const KIND_NUMBER = 1;
const KIND_TEXT = 2;
const KIND_BOOLEAN = 3;

/** One row, unpacked. */
export interface EvidenceRow extends Omit<EvidenceChange, 'target' | 'identity'> {
  readonly identity: string;
  /** Index into `files`, in the order in which they were added. */
  readonly file: number;
  readonly path: string;
  /** Line in that file, from 1; 1 for a document. */
  readonly line: number;
}

interface Block {
  readonly valueKind: Uint8Array;
  readonly claimKind: Uint8Array;
  readonly identity: Buffer;
  readonly value: Float64Array;
  readonly claim: Float64Array;
  readonly confidence: Float64Array;
  readonly sampleSize: Float64Array;
  readonly time: Float64Array;
  readonly expiresAt: Float64Array;
  readonly traits: Uint32Array;
  readonly file: Uint32Array;
  readonly line: Uint32Array;
  readonly next: Int32Array;
}

/**
 * All recommended changes of a run, column by column: a million of them take about 90 MB, where objects would take four
 * times as much (ADR 0006). Rows of one target are linked; the order in which they were added does not show in results.
 */
export class EvidenceTable {
  readonly files: string[] = [];
  readonly digests: (string | null)[] = [];
  #rows = 0;
  readonly #blocks: Block[] = [];
  readonly #heads = new Map<string, number>();
  readonly #texts = new Interner<string>();
  readonly #traits = new Interner<SignalTraits>();
  #lastTraits: SignalTraits | null = null;
  #lastNumber = 0;

  /** Number of rows. */
  get size(): number {
    return this.#rows;
  }

  /** All targets, sorted. */
  targets(): string[] {
    return [...this.#heads.keys()].sort();
  }

  /** Registers an evidence file; its digest is set when it has been read to the end. */
  addFile(path: string): number {
    this.digests.push(null);
    return this.files.push(path) - 1;
  }

  add(change: EvidenceChange, file: number, line: number): void {
    const row = this.#rows++;
    const i = row & (BLOCK_ROWS - 1);
    if (i === 0) this.#blocks.push(newBlock());
    const block = this.#blocks.at(-1) as Block;
    block.valueKind[i] = kindOf(change.value);
    block.value[i] = this.#encode(change.value);
    block.claimKind[i] = kindOf(change.claimedOld);
    block.claim[i] = change.claimedOld === null ? 0 : this.#encode(change.claimedOld);
    block.confidence[i] = change.confidence ?? Number.NaN;
    block.sampleSize[i] = change.sampleSize ?? Number.NaN;
    block.time[i] = change.time ?? Number.NaN;
    block.expiresAt[i] = change.expiresAt ?? Number.NaN;
    block.traits[i] = this.#numberOf(change.traits);
    block.file[i] = file;
    block.line[i] = line;
    block.identity.write(change.identity, i * IDENTITY_BYTES, IDENTITY_BYTES, 'latin1');
    block.next[i] = this.#heads.get(change.target) ?? -1;
    this.#heads.set(change.target, row);
  }

  /** All rows of a target, in no particular order. */
  rowsOf(target: string): EvidenceRow[] {
    const rows: EvidenceRow[] = [];
    for (let row = this.#heads.get(target) ?? -1; row !== -1; ) {
      const block = this.#blocks[row >> 15] as Block;
      const i = row & (BLOCK_ROWS - 1);
      rows.push(this.#unpack(block, i));
      row = block.next[i] as number;
    }
    return rows;
  }

  #unpack(block: Block, i: number): EvidenceRow {
    return {
      value: this.#decode(block.valueKind[i] as number, block.value[i] as number) as Scalar,
      claimedOld: this.#decode(block.claimKind[i] as number, block.claim[i] as number),
      confidence: orNull(block.confidence[i] as number),
      sampleSize: orNull(block.sampleSize[i] as number),
      time: orNull(block.time[i] as number) as Instant | null,
      expiresAt: orNull(block.expiresAt[i] as number) as Instant | null,
      traits: this.#traits.at(block.traits[i] as number),
      identity: block.identity.toString('latin1', i * IDENTITY_BYTES, (i + 1) * IDENTITY_BYTES),
      file: block.file[i] as number,
      path: this.files[block.file[i] as number] ?? '',
      line: block.line[i] as number,
    };
  }

  /** Neighbours in a file mostly share one object. */
  #numberOf(traits: SignalTraits): number {
    if (traits !== this.#lastTraits) {
      this.#lastNumber = this.#traits.intern(traitsKey(traits), traits);
      this.#lastTraits = traits;
    }
    return this.#lastNumber;
  }

  #encode(value: Scalar): number {
    return typeof value === 'string' ? this.#texts.intern(value, value) : Number(value);
  }

  #decode(kind: number, value: number): Scalar | null {
    if (kind === KIND_NONE) return null;
    if (kind === KIND_TEXT) return this.#texts.at(value);
    return kind === KIND_BOOLEAN ? value === 1 : value;
  }
}

/** Numbers values of which many are equal. */
class Interner<T> {
  readonly #values: T[] = [];
  readonly #numbers = new Map<string, number>();

  intern(key: string, value: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  at(number: number): T {
    return this.#values[number] as T;
  }
}

function newBlock(): Block {
  const floats = () => new Float64Array(BLOCK_ROWS);
  const counts = () => new Uint32Array(BLOCK_ROWS);
  return {
    valueKind: new Uint8Array(BLOCK_ROWS),
    claimKind: new Uint8Array(BLOCK_ROWS),
    identity: Buffer.alloc(BLOCK_ROWS * IDENTITY_BYTES),
    value: floats(),
    claim: floats(),
    confidence: floats(),
    sampleSize: floats(),
    time: floats(),
    expiresAt: floats(),
    traits: counts(),
    file: counts(),
    line: counts(),
    next: new Int32Array(BLOCK_ROWS),
  };
}

function kindOf(value: Scalar | null): number {
  if (value === null) return KIND_NONE;
  if (typeof value === 'number') return KIND_NUMBER;
  return typeof value === 'string' ? KIND_TEXT : KIND_BOOLEAN;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function traitsKey(traits: SignalTraits): string {
  return `${traits.source} ${traits.quality} ${traits.liveReady} ${traits.tags.join(',')}`;
}
