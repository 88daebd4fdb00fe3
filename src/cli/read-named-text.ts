import { closeSync, openSync, readSync } from 'node:fs';
import { type Problem, problem, type SourceLocation } from '../kernel/problem.ts';

/** Signals and policies that people name on the command line have kilobytes; `/dev/zero` never ends. */
const MAX_NAMED_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** The text of a file or pipe, or of an open descriptor; null when it has over `MAX_NAMED_BYTES`. Throws the system error. */
export function readNamedText(source: string | number): string | null {
  if (typeof source === 'number') return readToEnd(source);
  const file = openSync(source, 'r');
  try {
    return readToEnd(file);
  } finally {
    closeSync(file);
  }
}

/** ARGUMENT_INVALID for what `readNamedText` did not read to its end. */
export function tooLarge(argument: string, place: SourceLocation): Problem {
  const reason = `has over ${MAX_NAMED_BYTES} bytes`;
  return problem('ARGUMENT_INVALID', { argument, reason }, place);
}

function readToEnd(file: number): string | null {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= MAX_NAMED_BYTES; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readSync(file, chunk, 0, CHUNK_BYTES, null);
    if (count === 0) return Buffer.concat(chunks).toString('utf8');
    chunks.push(chunk.subarray(0, count));
    length += count;
  }
  return null;
}
