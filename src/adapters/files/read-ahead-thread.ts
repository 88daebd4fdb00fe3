import { workerData } from 'node:worker_threads';
import { sha256Hex } from '../../kernel/digest.ts';
import type { ReadAheadTask } from './read-ahead.ts';
import { readFileBytes, SMALL_FILE_BYTES } from './read-file.ts';

/** Reads the files of a task in order, from the one that is wanted next; what fails is left out (read-ahead.ts). */
function readAll({ paths: joined, shared }: ReadAheadTask): void {
  const paths = joined.split('\0');
  const data = Buffer.from(shared.data);
  const starts = new Int32Array(shared.starts);
  const lengths = new Int32Array(shared.lengths);
  const wanted = new Int32Array(shared.wanted);
  let end = 0;
  for (let i = 0; i < paths.length; i = Math.max(i + 1, Atomics.load(wanted, 0))) {
    const bytes = tryRead(paths[i] as string);
    if (bytes === null) continue;
    if (end + bytes.length + 64 > data.length) return;
    starts[i] = end;
    end += bytes.copy(data, end);
    end += data.write(sha256Hex(bytes), end, 'latin1');
    // Last, because it tells the other thread that the rest is there.
    Atomics.store(lengths, i, bytes.length + 1);
  }
}

/** A small file's bytes. Null when it is large or cannot be read: the main thread says why. */
function tryRead(path: string): Buffer | null {
  try {
    const read = readFileBytes(path, SMALL_FILE_BYTES);
    return 'bytes' in read ? read.bytes : null;
  } catch {
    return null;
  }
}

readAll(workerData as ReadAheadTask);
