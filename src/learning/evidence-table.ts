import { merkleRoot } from '../kernel/digest.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import type { EvidenceChange, SignalTraits } from './evidence-change.ts';

/** A block holds a power of two of rows, so that a row number splits by shift and mask. */
const BLOCK_BITS = 15;
const BLOCK_ROWS = 1 << BLOCK_BITS;
/** Bytes of the identity that are kept: 128 bits, beyond any accidental or affordable collision. */
const IDENTITY_BYTES = 16;

/** Bytes that things take, measured on Node.js 20: a packed row, a target with its patch, another text, and an unpacked row. */
const ROW_BYTES = 100;
const TARGET_BYTES = 900;
const TEXT_BYTES = 150;
const UNPACKED_ROW_BYTES = 430;

/** What a row has in `numbers`, in this order. */
const VALUE = 0;
const CLAIM = 1;
const CONFIDENCE = 2;
const SAMPLE_SIZE = 3;
const TIME = 4;
const EXPIRES_AT = 5;
const NUMBERS = 6;

/** What a row has in `words`, in this order. `TRAITS` also holds the two kinds, in its lowest bits. */
const FILE = 0;
const LINE = 1;
const TRAITS = 2;
const WORDS = 3;

const KIND_NONE = 0;
const KIND_NUMBER = 1;
const KIND_TEXT = 2;
const KIND_BOOLEAN = 3;
const KIND_BITS = 2;
const KIND_MASK = (1 << KIND_BITS) - 1;

/** One row, unpacked. */
export interface EvidenceRow extends Omit<EvidenceChange, 'target' | 'identity'> {
  readonly identity: string;
  /** Index into `files`, in the order in which they were added. */
  readonly file: number;
  readonly path: string;
  /** Line in that file, from 1; 1 for a document. */
  readonly line: number;
}

/** The fields of a row lie side by side: rows of one target are far apart, and each costs few cache lines. */
interface Block {
  readonly numbers: Float64Array;
  readonly words: Int32Array;
  readonly identities: Buffer;
  /** The row before it of the same target, or -1. */
  readonly previous: Int32Array;
}

/**
 * All recommended changes of a run, packed: a million of them take 80 MB, where objects would take four times as much
 * (ADR 0006). Rows of one target are linked; the order in which they were added does not show in results.
 */
export class EvidenceTable {
  readonly files: string[] = [];
  readonly digests: (string | null)[] = [];
  #size = 0;
  readonly #blocks: Block[] = [];
  readonly #targets = new Interner<string>();
  /** The newest row of each target. */
  readonly #heads: number[] = [];
  /** How many rows each target has, and the largest of these numbers: the rows of one target are unpacked together. */
  readonly #counts: number[] = [];
  #largest = 0;
  readonly #texts = new Interner<string>();
  readonly #traits = new Interner<SignalTraits>();
  readonly #roots = new Map<string, string | null>();
  #lastTraits: SignalTraits | null = null;
  #lastTraitsNumber = 0;

  /** Number of rows. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that learning from these rows takes, roughly. It follows from the rows alone: no machine says "too many" earlier. */
  get weightBytes(): number {
    return (
      this.#size * ROW_BYTES +
      this.#largest * UNPACKED_ROW_BYTES +
      this.#targets.size * TARGET_BYTES +
      this.#targets.weightBytes +
      this.#texts.weightBytes +
      this.#traits.weightBytes
    );
  }

  /** All targets, sorted. */
  targets(): string[] {
    return this.#targets.keys().sort();
  }

  /** Registers an evidence file; its digest is set when it has been read to the end. */
  addFile(path: string): number {
    this.digests.push(null);
    return this.files.push(path) - 1;
  }

  add(change: EvidenceChange, file: number, line: number): void {
    const row = this.#size++;
    const i = row & (BLOCK_ROWS - 1);
    if (i === 0) this.#blocks.push(newBlock());
    const { numbers, words, identities, previous } = this.#blocks[row >> BLOCK_BITS] as Block;
    const { value, claimedOld } = change;
    const n = i * NUMBERS;
    numbers[n + VALUE] = this.#encode(value);
    numbers[n + CLAIM] = claimedOld === null ? 0 : this.#encode(claimedOld);
    numbers[n + CONFIDENCE] = change.confidence ?? Number.NaN;
    numbers[n + SAMPLE_SIZE] = change.sampleSize ?? Number.NaN;
    numbers[n + TIME] = change.time ?? Number.NaN;
    numbers[n + EXPIRES_AT] = change.expiresAt ?? Number.NaN;
    const kinds = (kindOf(value) << KIND_BITS) | kindOf(claimedOld);
    const w = i * WORDS;
    words[w + FILE] = file;
    words[w + LINE] = line;
    words[w + TRAITS] = (this.#numberOf(change.traits) << (2 * KIND_BITS)) | kinds;
    const start = i * IDENTITY_BYTES;
    for (let b = 0; b < IDENTITY_BYTES; b += 1) identities[start + b] = change.identity.charCodeAt(b);
    const target = this.#targets.intern(change.target, change.target);
    previous[i] = this.#heads[target] ?? -1;
    this.#heads[target] = row;
    const count = (this.#counts[target] ?? 0) + 1;
    this.#counts[target] = count;
    if (count > this.#largest) this.#largest = count;
  }

  /** All rows of a target, in no particular order. */
  rowsOf(target: string): EvidenceRow[] {
    const rows: EvidenceRow[] = [];
    const number = this.#targets.numberOf(target);
    for (let row = number === undefined ? -1 : (this.#heads[number] as number); row !== -1; ) {
      const block = this.#blocks[row >> BLOCK_BITS] as Block;
      const i = row & (BLOCK_ROWS - 1);
      rows.push(this.#unpack(block, i));
      row = block.previous[i] as number;
    }
    return rows;
  }

  /** Merkle root over the digests of all files that have been read to the end. */
  root(): string | null {
    return this.#known(this.files.length, 'all', () => this.digests.flatMap((digest) => digest ?? []));
  }

  /** Merkle root over the digests of some files, given by their numbers (`merkleRoot`). */
  rootOf(files: readonly number[]): string | null {
    return this.#known(this.files.length, files.join(), () => files.map((file) => this.digests[file] ?? ''));
  }

  /** A root costs two hashes a file and is asked for again; a table that has grown since has none. */
  #known(size: number, files: string, digests: () => readonly string[]): string | null {
    const key = `${size}:${files}`;
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const root = merkleRoot(digests());
    this.#roots.set(key, root);
    return root;
  }

  #unpack({ numbers, words, identities }: Block, i: number): EvidenceRow {
    const n = i * NUMBERS;
    const w = i * WORDS;
    const traits = words[w + TRAITS] as number;
    return {
      value: this.#decode((traits >> KIND_BITS) & KIND_MASK, numbers[n + VALUE] as number) as Scalar,
      claimedOld: this.#decode(traits & KIND_MASK, numbers[n + CLAIM] as number),
      confidence: orNull(numbers[n + CONFIDENCE] as number),
      sampleSize: orNull(numbers[n + SAMPLE_SIZE] as number),
      time: orNull(numbers[n + TIME] as number) as Instant | null,
      expiresAt: orNull(numbers[n + EXPIRES_AT] as number) as Instant | null,
      traits: this.#traits.at(traits >>> (2 * KIND_BITS)),
      identity: identities.toString('latin1', i * IDENTITY_BYTES, (i + 1) * IDENTITY_BYTES),
      file: words[w + FILE] as number,
      path: this.files[words[w + FILE] as number] ?? '',
      line: words[w + LINE] as number,
    };
  }

  /** Neighbours mostly share their traits, and comparing them is cheaper than building their key. */
  #numberOf(traits: SignalTraits): number {
    if (this.#lastTraits === null || !areEqual(traits, this.#lastTraits)) {
      this.#lastTraits = traits;
      this.#lastTraitsNumber = this.#traits.intern(traitsKey(traits), traits);
    }
    return this.#lastTraitsNumber;
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
  #characters = 0;

  get size(): number {
    return this.#values.length;
  }

  get weightBytes(): number {
    return this.size * TEXT_BYTES + this.#characters * 2;
  }

  intern(key: string, value: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    this.#characters += key.length;
    return this.#values.push(value) - 1;
  }

  numberOf(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  keys(): string[] {
    return [...this.#numbers.keys()];
  }

  at(number: number): T {
    return this.#values[number] as T;
  }
}

function newBlock(): Block {
  return {
    numbers: new Float64Array(BLOCK_ROWS * NUMBERS),
    words: new Int32Array(BLOCK_ROWS * WORDS),
    identities: Buffer.alloc(BLOCK_ROWS * IDENTITY_BYTES),
    previous: new Int32Array(BLOCK_ROWS),
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

function areEqual(a: SignalTraits, b: SignalTraits): boolean {
  if (a.source !== b.source || a.quality !== b.quality || a.liveReady !== b.liveReady) return false;
  return a.tags.length === b.tags.length && a.tags.every((tag, i) => tag === b.tags[i]);
}

function traitsKey(traits: SignalTraits): string {
  return `${traits.source} ${traits.quality} ${traits.liveReady} ${traits.tags.join(',')}`;
}
