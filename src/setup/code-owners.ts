/** One line of a CODEOWNERS file. No owners: files that match have none. */
interface OwnerRule {
  readonly matches: RegExp;
  readonly owners: readonly string[];
}

/**
 * The owners of a path by a CODEOWNERS file: the last matching line decides (GitHub: about code owners). Patterns are those
 * of `.gitignore` without `!` and `[]`; lines that use these match nothing, as on GitHub.
 */
export function ownersOf(codeOwners: string, path: string): readonly string[] {
  const rules = codeOwners.split(/\r?\n/).flatMap((line) => parseRule(line) ?? []);
  return rules.findLast(({ matches }) => matches.test(path))?.owners ?? [];
}

function parseRule(line: string): OwnerRule | null {
  const [pattern, ...owners] = line.replace(/(?:^|\s)#.*$/, '').match(/(?:\\.|\S)+/g) ?? [];
  if (pattern === undefined || /^!|[[\]]/.test(pattern)) return null;
  return { matches: toRegExp(pattern), owners };
}

/** A pattern with a slash before its end stands at the top; one that names a folder covers all below it. */
function toRegExp(pattern: string): RegExp {
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  const anchored = pattern.slice(0, -1).includes('/');
  const source = [...body.matchAll(/\*\*\/|\*\*|\*|\?|\\?./g)].map(
    ([token]) => WILDCARDS[token] ?? quote(token),
  );
  const start = anchored ? '^' : '^(?:.*/)?';
  // `docs/*` covers the files in docs, and none below its folders.
  const end = pattern.endsWith('/*') ? '$' : pattern.endsWith('/') ? '/.' : '(?:/|$)';
  return new RegExp(`${start}${source.join('')}${end}`);
}

const WILDCARDS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

function quote(token: string): string {
  const char = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
  return char.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
}
