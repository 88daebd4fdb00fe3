/**
 * A path as a careless file system compares it: Unicode NFC, case folded (full upper case and back, which also takes `ſ` for
 * `s`), without format characters (HFS+) and without dots and blanks at the end of a segment (Windows).
 */
export function canonicalPath(path: string): string {
  // Nearly all paths of a repository, thousands at a time, are plain.
  if (!STRANGE.test(path)) return path.toLowerCase();
  return path
    .replaceAll(/\p{Cf}/gu, '')
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[. ]+(?=\/|$)/g, (tail, at: number, whole: string) => (isDots(whole, at, tail) ? tail : ''));
}

/** A control or anything beyond ASCII, or a dot or blank at the end of a segment. */
const STRANGE = /[^ -~]|[. ](?:\/|$)/;

/** `.` and `..` are no names with dots at the end. */
function isDots(whole: string, at: number, tail: string): boolean {
  return (at === 0 || whole[at - 1] === '/') && /^\.{1,2}$/.test(tail);
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
