import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** A thread takes about 50 ms to start, in which 6,000 small files are read (test/bench): with fewer than this it would not pay. */
const MIN_FILES = 20_000;
/** The main thread reads so many files by itself while the thread starts: of 100,000 none had to be read twice. */
const FIRST_AHEAD = 8000;
/** Bytes that are read ahead in all: 100,000 signals of 600 bytes. What does not fit is read by the main thread. */
const DATA_BYTES = 64 * 1024 * 1024;

/** Memory that both threads see. */
export interface SharedFiles {
  /** A file's bytes, and behind them its SHA-256 as 64 hex digits. */
  readonly data: SharedArrayBuffer;
  /** Int32 per file: where it starts in `data`. */
  readonly starts: SharedArrayBuffer;
  /** Int32 per file: its length + 1, or 0 when it has not been read. Written last. */
  readonly lengths: SharedArrayBuffer;
  /** One Int32: the next file that the main thread wants; beyond the last when it wants no more. */
  readonly wanted: SharedArrayBuffer;
}

/** What the thread is told: absolute paths, joined by NUL, which no path can contain. */
export interface ReadAheadTask {
  readonly paths: string;
  readonly shared: SharedFiles;
}

/** A file that was read ahead. */
export interface FileAhead {
  readonly bytes: Buffer;
  readonly sha256: string;
}

/**
 * Files that a second thread reads and hashes while this one parses what came before. Nothing waits for it: what it has
 * not read when it is wanted, has failed to read, or finds large is null, and is read here. So answers do not depend on it.
 */
export class ReadAhead {
  readonly #data: Buffer;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  readonly #wanted: Int32Array;
  readonly #count: number;

  constructor(paths: readonly string[]) {
    const bytes = paths.length * Int32Array.BYTES_PER_ELEMENT;
    const shared: SharedFiles = {
      data: new SharedArrayBuffer(DATA_BYTES),
      starts: new SharedArrayBuffer(bytes),
      lengths: new SharedArrayBuffer(bytes),
      wanted: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    };
    this.#data = Buffer.from(shared.data);
    this.#starts = new Int32Array(shared.starts);
    this.#lengths = new Int32Array(shared.lengths);
    this.#wanted = new Int32Array(shared.wanted);
    this.#count = paths.length;
    Atomics.store(this.#wanted, 0, FIRST_AHEAD);
    startThread({ paths: paths.join('\0'), shared });
  }

  /** A file by its number in `paths`, or null. Files must be asked for in order. */
  take(index: number): FileAhead | null {
    if (index >= FIRST_AHEAD) Atomics.store(this.#wanted, 0, index + 1);
    const length = Atomics.load(this.#lengths, index) - 1;
    if (length < 0) return null;
    const start = this.#starts[index] as number;
    const end = start + length;
    return {
      bytes: this.#data.subarray(start, end),
      sha256: this.#data.toString('latin1', end, end + 64),
    };
  }

  /** Tells the thread to end. */
  stop(): void {
    Atomics.store(this.#wanted, 0, this.#count);
  }
}

/** Starts reading ahead, or null where it does not pay: few files, or one processor. */
export function startReadAhead(
  paths: readonly string[],
  processors = availableParallelism(),
): ReadAhead | null {
  return paths.length < MIN_FILES || processors < 2 ? null : new ReadAhead(paths);
}

/** A thread that cannot start, or ends, leaves the work to the main thread; the process does not wait for it. */
function startThread(task: ReadAheadTask): void {
  try {
    const thread = new Worker(new URL('./read-ahead-thread.js', import.meta.url), {
      workerData: task,
      // What this process preloads is not meant for the thread.
      execArgv: [],
    });
    thread.on('error', () => undefined);
    thread.unref();
  } catch {
    // no thread: every file is read where it is wanted
  }
}
