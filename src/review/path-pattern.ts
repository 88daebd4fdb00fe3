/**
 * A path as a careless file system compares it: Unicode NFC, case folded (full upper case and back, which also takes `ſ` for
 * `s`), without format characters (HFS+) and without dots and blanks at the end of a segment (Windows). One that is longer than any
 * file system takes is compared as it is: normalizing it could take minutes.
 */
export function canonicalPath(path: string): string {
  // Nearly all paths of a repository, thousands at a time, are plain.
  if (isOverlong(path) || !STRANGE.test(path)) return path.toLowerCase();
  return path
    .replaceAll(/\p{Cf}/gu, '')
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC')
    .split('/')
    .map(withoutTail)
    .join('/');
}

/** A control or anything beyond ASCII, or a dot or blank at the end of a segment. */
const STRANGE = /[^ -~]|[. ](?:\/|$)/;

/** `.` and `..` are no names with dots at the end. Character by character: a name can be as long as an attacker likes. */
function withoutTail(name: string): string {
  if (name === '.' || name === '..') return name;
  let end = name.length;
  while (name[end - 1] === '.' || name[end - 1] === ' ') end -= 1;
  return name.slice(0, end);
}

/** NAME_MAX and PATH_MAX of Linux (limits.h); macOS and Windows take no longer names. In UTF-16 units, of which UTF-8 needs no fewer. */
const MAX_NAME_LENGTH = 255;
const MAX_PATH_LENGTH = 4096;

/** Whether no file system can hold a path, so that nobody can check it out. */
export function isOverlong(path: string): boolean {
  return path.length > MAX_PATH_LENGTH || path.split('/').some((name) => name.length > MAX_NAME_LENGTH);
}

/**
 * Whether a pattern of the policy or of `.gitattributes` matches a path: `*` and `?` within a segment, `**` for any number of
 * segments. Both are compared as canonical paths. `a/**` matches `a` itself, too: what takes the place of a folder.
 */
export function pathMatches(pattern: string, path: string): boolean {
  return matchSegments(canonicalPath(pattern).split('/'), canonicalPath(path).split('/'));
}

function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '**') {
    if (rest.length === 0) return true;
    return path.some((_, skipped) => matchSegments(rest, path.slice(skipped)));
  }
  const [name, ...below] = path;
  return name !== undefined && matchName(first, name) && matchSegments(rest, below);
}

/** Character by character, so that no pattern can take longer than its length times the name's. */
function matchName(pattern: string, text: string): boolean {
  const name = Array.from(text);
  let reachable = new Set([0]);
  for (const char of pattern) {
    const next = new Set<number>();
    for (const at of reachable) {
      if (char === '*') for (let to = at; to <= name.length; to += 1) next.add(to);
      else if (at < name.length && (char === '?' || char === name[at])) next.add(at + 1);
    }
    reachable = next;
  }
  return reachable.has(name.length);
}
