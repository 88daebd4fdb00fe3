import { hash } from 'node:crypto';

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/**
 * Merkle root over SHA-256 digests (hex): sorted and without doubles, so that order does not matter; leaves are
 * hashed with a 0x00 and pairs with a 0x01 prefix (RFC 9162 §2.1), an odd one is carried up. Null for no digest.
 */
export function merkleRoot(digests: Iterable<string>): string | null {
  let level = [...new Set(digests)].sort().map((digest) => sha256Hex(Buffer.from(`00${digest}`, 'hex')));
  if (level.length === 0) return null;
  while (level.length > 1) {
    const next: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as string;
      const right = level[i + 1];
      next.push(right === undefined ? left : sha256Hex(Buffer.from(`01${left}${right}`, 'hex')));
    }
    level = next;
  }
  return level[0] ?? null;
}

/** SHA-256 as 32 latin1 characters: half the memory of hex, for keys that are never shown. */
export function sha256Latin1(text: string): string {
  return hash('sha256', text, 'binary');
}
