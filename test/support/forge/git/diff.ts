import type { GitStore } from './git-store.ts';

/** One changed file, as GitHub's `diff-entry` names the ways. */
export interface FileChange {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  readonly path: string;
  readonly formerPath: string | null;
  /** The blob after the change; before it, when it was removed. */
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
  /** Without the lines above the first `@@`; null for binary files. */
  readonly patch: string | null;
}

const STATUS: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** What changes from one commit or tree to another, renames detected, in git's order. */
export async function readDiff(store: GitStore, from: string, to: string): Promise<readonly FileChange[]> {
  const diff = (...how: string[]): Promise<string> =>
    store.text(['diff', '--find-renames', '--no-ext-diff', '--no-textconv', ...how, from, to]);
  const raw = parseRaw(await diff('--raw', '--abbrev=40', '-z'));
  const counts = parseCounts(await diff('--numstat', '-z'));
  const patches = parsePatches(await diff('--patch'));
  return raw.map((entry, at) => ({
    ...entry,
    additions: counts[at]?.[0] ?? 0,
    deletions: counts[at]?.[1] ?? 0,
    patch: patches[at] ?? null,
  }));
}

type RawChange = Pick<FileChange, 'status' | 'path' | 'formerPath' | 'blob'>;

function parseRaw(output: string): readonly RawChange[] {
  const fields = output.split('\0');
  const entries: RawChange[] = [];
  for (let at = 0; fields[at]?.startsWith(':'); ) {
    const [, , before = '', after = '', letter = ''] = (fields[at] ?? '').split(' ');
    const status = STATUS[letter.charAt(0)] ?? 'changed';
    const isPair = status === 'renamed' || status === 'copied';
    const first = fields[at + 1] ?? '';
    entries.push({
      status,
      path: isPair ? (fields[at + 2] ?? '') : first,
      formerPath: isPair ? first : null,
      blob: status === 'removed' ? before : after,
    });
    at += isPair ? 3 : 2;
  }
  return entries;
}

/** `added TAB deleted TAB path`, or with an empty path and two more fields for a rename; `-` for binary files. */
function parseCounts(output: string): readonly (readonly [number, number])[] {
  const counts = output.split('\0').filter((field) => /^(?:\d+|-)\t(?:\d+|-)\t/.test(field));
  return counts.map((field) => {
    const [added = '', deleted = ''] = field.split('\t');
    return [Number(added) || 0, Number(deleted) || 0];
  });
}

function parsePatches(output: string): readonly (string | null)[] {
  return output
    .split(/^diff --git /m)
    .slice(1)
    .map((part) => {
      const at = part.search(/^@@ /m);
      return at === -1 ? null : part.slice(at).replace(/\n$/, '');
    });
}
