import { classifyPath, isCompanion, type PathPlace } from '../classify.ts';
import type { Judgement, ReviewRule } from '../judgement.ts';
import { MAX_LISTED } from '../limits.ts';
import { canonicalPath } from '../path-pattern.ts';
import { failed, type ReviewFinding } from '../review-finding.ts';
import type { PathChange, StoredFile } from '../snapshot.ts';

/** One class per change, exact paths, and regular files at governed places (judge.md §3). */
export const structure: ReviewRule = {
  name: 'structure',
  check: (judgement) => [
    ...findAncestry(judgement),
    ...findMixed(judgement),
    ...findTwins(judgement),
    ...findKinds(judgement),
    ...findUnreadable(judgement),
  ],
};

function findAncestry({ snapshot: { mergeBases } }: Judgement): readonly ReviewFinding[] {
  return mergeBases === 1 ? [] : [failed('MERGE_BASE', { observed: String(mergeBases) })];
}

function findMixed({ places, kind }: Judgement): readonly ReviewFinding[] {
  const findings: ReviewFinding[] = [];
  for (const [file, { class: pathClass }] of places) {
    if (pathClass === 'reserved') findings.push(failed('PATH_RESERVED', { file }));
    else if (!isCompanion(pathClass, kind))
      findings.push(failed('MIXED_CLASSES', { file, observed: pathClass, required: kind }));
    if (findings.length === MAX_LISTED) break;
  }
  return findings;
}

/** Paths that some file system takes for another one: of a governed file, or of one that stands beside them. */
function findTwins({ places, snapshot: { head } }: Judgement): readonly ReviewFinding[] {
  const governed = [...places].filter(([path, place]) => isGoverned(place) && head.files.has(path));
  if (governed.length === 0) return [];
  const byCanonical = new Map<string, string>();
  for (const path of head.files.keys()) {
    const canonical = canonicalPath(path);
    const known = byCanonical.get(canonical);
    // Of two, the one that the change does not touch was there first.
    if (known === undefined || places.has(known)) byCanonical.set(canonical, path);
  }
  return governed.flatMap(([file, { twinOf }]) => {
    const other = twinOf ?? byCanonical.get(canonicalPath(file)) ?? file;
    return other === file ? [] : [failed('PATH_TWIN', { file, required: other })];
  });
}

function isGoverned({ class: pathClass }: PathPlace): boolean {
  return pathClass !== 'unrelated' && pathClass !== 'machinery';
}

const KINDS: Readonly<Record<string, string>> = {
  '100755': 'an executable file',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
};

function findKinds({ places, snapshot: { own, effect } }: Judgement): readonly ReviewFinding[] {
  const seen = new Map<string, ReviewFinding>();
  for (const { path, after } of [...own, ...effect]) {
    const place = places.get(path);
    if (after === null || place === undefined || isAllowed(after, place)) continue;
    const observed = KINDS[after.mode] ?? `of mode ${after.mode}`;
    seen.set(path, failed('FILE_KIND', { file: path, observed, required: 'a regular file (100644)' }));
  }
  return [...seen.values()];
}

/** Code may be executable; nothing that is governed may, and nothing that guards may be a link or a submodule. */
function isAllowed({ mode }: StoredFile, place: PathPlace): boolean {
  if (place.class === 'unrelated') return true;
  return mode === '100644' || (place.class === 'machinery' && mode === '100755');
}

function findUnreadable({ places, snapshot: { head } }: Judgement): readonly ReviewFinding[] {
  return [...places].flatMap(([file, place]) => {
    const stored = head.files.get(file);
    const isRead = stored === undefined || head.texts.has(file) || !stored.mode.startsWith('100');
    return isRead || !isGoverned(place) ? [] : [failed('TEXT_INVALID', { file })];
  });
}

/** The places of all paths that a change touches, itself or by being merged. */
export function placeAll(
  changes: Iterable<PathChange>,
  scope: Parameters<typeof classifyPath>[1],
): ReadonlyMap<string, PathPlace> {
  const places = new Map<string, PathPlace>();
  for (const { path } of changes) if (!places.has(path)) places.set(path, classifyPath(path, scope));
  return places;
}
