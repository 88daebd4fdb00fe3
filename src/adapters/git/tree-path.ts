import { isUtf8 } from 'node:buffer';
import { BugError } from '../../kernel/app-error.ts';

/** Splits NUL-terminated output (`-z`) into its records. */
export function splitRecords(output: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    records.push(output.subarray(start, end < 0 ? output.length : end));
    start = end < 0 ? output.length : end + 1;
  }
  return records;
}

/** Decodes a path; what is not UTF-8 becomes a visible `\xNN`, which no longer names a file but can be shown. */
export function decodePath(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    text += length
      ? bytes.toString('utf8', at, at + length)
      : `\\x${bytes.toString('hex', at, at + 1).toUpperCase()}`;
    at += length ?? 1;
  }
  return text;
}

/** Whether git and every file system take this path for a file inside the tree: no empty, dot or `.git` component. */
export function isTreePath(path: string): boolean {
  return (
    !/[\0\p{Cs}]/u.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !isDotGit(part))
  );
}

/** Normalizes a prefix of the port to a path without a trailing slash; `''` is the root. */
export function normalizePrefix(prefix: string): string {
  const path = prefix === '.' ? '' : prefix.replace(/(?<=.)\/$/, '');
  if (path !== '' && !isTreePath(path)) throw new BugError(`not a path inside the repository: ${prefix}`);
  return path;
}

/** Orders by path, by UTF-16 code unit. */
export function comparePaths(left: { readonly path: string }, right: { readonly path: string }): number {
  if (left.path === right.path) return 0;
  return left.path < right.path ? -1 : 1;
}

/** Names that some file system takes for `.git` (git's path.c: HFS+ skips format characters, NTFS the tail). */
function isDotGit(part: string): boolean {
  return /^(?:\.git|git~1)(?:[. ]*|:.*)$/i.test(part.replace(/\p{Cf}/gu, ''));
}
