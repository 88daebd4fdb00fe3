import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Most evidence is smaller: it is read by one call. */
export const SMALL_FILE_BYTES = 64 * 1024;
/** Most evidence files are small: one buffer serves them all, and no `fstat` is needed when it does not fill up. */
const shared = Buffer.allocUnsafe(SMALL_FILE_BYTES);

/** A file's bytes, valid until the next call; or its size when it is over the limit. Links are not followed. */
export type FileBytes = { readonly bytes: Buffer } | { readonly tooLarge: number };

/** Reads a whole file of at most `limitBytes`. Throws the system error. */
export function readFileBytes(path: string, limitBytes: number): FileBytes {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const first = readSync(file, shared, 0, SMALL_FILE_BYTES, null);
    if (first < SMALL_FILE_BYTES) return { bytes: shared.subarray(0, first) };
    const { size } = fstatSync(file);
    if (size > limitBytes) return { tooLarge: size };
    return { bytes: readRest(file, shared, size) };
  } finally {
    closeSync(file);
  }
}

function readRest(file: number, start: Buffer, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  start.copy(bytes, 0);
  let length = start.length;
  while (length < size) {
    const count = readSync(file, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** UTF-8 bytes as text, or null when they are not valid UTF-8. Most evidence is plain ASCII, which is decoded faster. */
export function decodeUtf8(bytes: Buffer): string | null {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}
