import { hash } from 'node:crypto';

const DIGEST_BYTES = 32;

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/**
 * Merkle root over SHA-256 digests (hex): sorted and without doubles, so that order does not matter; leaves are
 * hashed with a 0x00 and pairs with a 0x01 prefix (RFC 9162 §2.1), an odd one is carried up. Null for no digest.
 */
export function merkleRoot(digests: Iterable<string>): string | null {
  const scratch = Buffer.allocUnsafe(1 + 2 * DIGEST_BYTES);
  let level = [...new Set(digests)].sort().map((digest) => {
    scratch[0] = 0;
    scratch.write(digest, 1, 'hex');
    return sha256Hex(scratch.subarray(0, 1 + DIGEST_BYTES));
  });
  while (level.length > 1) level = pairUp(level, scratch);
  return level[0] ?? null;
}

function pairUp(level: readonly string[], scratch: Buffer): string[] {
  const next: string[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const right = level[i + 1];
    if (right === undefined) {
      next.push(level[i] as string);
      continue;
    }
    scratch[0] = 1;
    scratch.write(level[i] as string, 1, 'hex');
    scratch.write(right, 1 + DIGEST_BYTES, 'hex');
    next.push(sha256Hex(scratch));
  }
  return next;
}

/** SHA-256 as 32 latin1 characters: half the memory of hex, for keys that are never shown. */
export function sha256Latin1(text: string): string {
  return hash('sha256', text, 'binary');
}
