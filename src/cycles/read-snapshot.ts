import { parsePolicy } from '../governance/index.ts';
import { EVIDENCE_PATH, POLICY_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import {
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_FILE_BYTES,
  type PathChange,
  type Side,
  type Snapshot,
  type StoredFile,
} from '../review/index.ts';
import { readPasts, readRecordedPast, readReviewHistory } from './read-review-history.ts';
import type { RememberedRepository } from './remember-repository.ts';
import { skipBaseMerges } from './skip-base-merges.ts';

/** Both ends of a change, by full ids, and the time of judging. */
export interface SnapshotRequest {
  readonly base: string;
  readonly head: string;
  readonly now: Instant;
}

/** Folders in which governed files stand; layers elsewhere are added. */
const GOVERNED_FOLDERS = ['config', 'reports'];

type Files = ReadonlyMap<string, StoredFile>;

/** The trees of a change, before anything is read. */
interface Trees {
  readonly mergeBases: readonly string[];
  readonly mergeBase: string;
  readonly merged: string | null;
  readonly own: readonly PathChange[];
  readonly effect: readonly PathChange[];
  /** Merge base → tip. */
  readonly moved: readonly PathChange[];
}

/**
 * Reads a change as data. Each blob is read once, in one batch after the policies, which say where layers are; evidence of the
 * base only where both loops have to be run again. What git does not hold (people, protection) is null.
 */
export async function readSnapshot(git: RememberedRepository, request: SnapshotRequest): Promise<Snapshot> {
  const trees = await readTrees(git, request);
  const { mergeBase, base, head, merged } = await readSides(git, trees, request);
  const past = { base, head, mergeBase, own: trees.own, now: request.now };
  const [mergeBaseTime, pasts, history, lastReadablePolicy] = await Promise.all([
    git.time(trees.mergeBase),
    readPasts(git, past),
    readReviewHistory(git, past),
    readLastReadablePolicy(git, base),
  ]);
  return {
    ...UNKNOWN,
    now: request.now,
    base,
    head,
    mergeBase,
    mergeBases: trees.mergeBases.length,
    mergeBaseTime,
    merged: trees.merged === null ? null : merged,
    own: trees.own,
    effect: trees.effect,
    pasts,
    history,
    lastReadablePolicy,
  };
}

/** What git does not hold. */
const UNKNOWN = { people: null, isProtected: null, isEvidenceTrusted: null } as const;

/** A promotion that stands on the base, by full ids. */
export interface MergedRequest {
  readonly commit: string;
  /** The commit right before it on the line. */
  readonly previous: string;
  /** The commit that its proposal was derived from; on the line, not after `previous`. */
  readonly from: string;
  /** When it came onto the line. */
  readonly at: Instant;
}

/**
 * Reads a commit of the base as the change that it was, for `judgeMerged`: its own effect on the commit before it, and the tree that its
 * proposal was derived from. Whether it was a merge, a squash or a fast-forward makes no difference.
 */
export async function readMergedSnapshot(
  git: RememberedRepository,
  request: MergedRequest,
): Promise<Snapshot> {
  const { commit, previous, from, at } = request;
  const [own, moved] = await Promise.all([
    git.diff(previous, commit),
    from === previous ? [] : git.diff(from, previous),
  ]);
  const trees = { mergeBases: [from], mergeBase: from, merged: commit, own, effect: own, moved };
  const { mergeBase, base, merged } = await readSides(git, trees, { base: previous, head: commit });
  const recorded = await readRecordedPast(git, { own, head: merged, mergeBase });
  return {
    ...UNKNOWN,
    now: at,
    base,
    head: merged,
    mergeBase,
    mergeBases: 1,
    mergeBaseTime: await git.time(from),
    merged,
    own,
    effect: own,
    pasts: { recorded, now: null },
    history: null,
    lastReadablePolicy: null,
  };
}

/** The trees of a change with what the rules look at. `merged` is that of the tip where git cannot merge. */
async function readSides(
  git: RememberedRepository,
  trees: Trees,
  { base, head }: Pick<SnapshotRequest, 'base' | 'head'>,
): Promise<Record<keyof SideFiles, Side>> {
  const files = await listSides(git, trees, GOVERNED_FOLDERS);
  const texts = new Map<string, string>();
  await readInto(texts, git, { sides: files, isWanted: (path) => path === POLICY_PATH });
  const layers = findLayers(files, texts);
  const sides = layers.length === 0 ? files : await listSides(git, trees, [...GOVERNED_FOLDERS, ...layers]);
  await readInto(texts, git, { sides, isWanted: wantedIn(trees, layers) });
  const known = new Map<Files, Side['texts']>();
  const side = (id: string, own: Files): Side => {
    const found = known.get(own) ?? textsOf(own, texts);
    known.set(own, found);
    return { id, files: own, texts: found };
  };
  return {
    base: side(base, sides.base),
    head: side(head, sides.head),
    mergeBase: side(trees.mergeBase, sides.mergeBase),
    merged: side(trees.merged ?? base, sides.merged),
  };
}

async function readTrees(git: RememberedRepository, { base, head }: SnapshotRequest): Promise<Trees> {
  const mergeBases = await git.mergeBases(base, head);
  const [only, ...others] = mergeBases;
  const parting = only === undefined || others.length > 0 ? base : only;
  const changes = await git.diff(parting, head);
  const isProposed = mergeBases.length === 1 && changes.some(({ path }) => isProposalPath(path));
  const given = { head, mergeBase: parting };
  const original = isProposed ? await skipBaseMerges(git, base, given) : given;
  const { mergeBase } = original;
  const own = original.head === head ? changes : await git.diff(mergeBase, original.head);
  const moved = mergeBase === base ? [] : await git.diff(mergeBase, base);
  // Without commits of its own the base is merged as it is: the head's tree is the merge.
  if (parting === base) {
    const merged = mergeBases.length === 1 ? head : null;
    return { mergeBases, mergeBase, merged, own, effect: merged === null ? [] : changes, moved };
  }
  const merged = await git.mergeTree(base, head);
  const effect = merged === null ? [] : await git.diff(base, merged);
  return { mergeBases, mergeBase, merged, own, effect, moved };
}

function isProposalPath(path: string): boolean {
  return path.startsWith(`${PROPOSALS_PATH}/`);
}

/** Only where the tip's cannot be read: the newest version on the first-parent line that can be, or null. */
async function readLastReadablePolicy(git: RememberedRepository, base: Side): Promise<string | null> {
  const text = base.texts.get(POLICY_PATH);
  if (!base.files.has(POLICY_PATH) || (text !== undefined && parsePolicy(text).ok)) return null;
  const changes = await git.changesAlong({ after: null, until: base.id }, [POLICY_PATH]);
  const versions = changes.flatMap(({ files }) => files.flatMap(({ after }) => after ?? []));
  const oids = versions.filter(({ mode }) => mode.startsWith('100')).map(({ oid }) => oid);
  const texts = await git.texts(oids);
  const readable = oids.flatMap((oid) => texts.get(oid) ?? []).filter((found) => parsePolicy(found).ok);
  return readable.at(-1) ?? null;
}

interface SideFiles {
  readonly mergeBase: Files;
  readonly base: Files;
  readonly head: Files;
  readonly merged: Files;
}

/** One listing; the other trees follow from how they differ. */
async function listSides(
  git: RememberedRepository,
  trees: Trees,
  prefixes: readonly string[],
): Promise<SideFiles> {
  const listed = await git.list(trees.mergeBase, prefixes);
  const mergeBase: Files = new Map(listed.map((file) => [file.path, file]));
  const base = applyChanges(mergeBase, trees.moved);
  const head = applyChanges(mergeBase, trees.own);
  // Where nothing has moved, the same changes lead to the same tree, which then has to be read only once.
  const isHead = base === mergeBase && trees.effect === trees.own;
  return { mergeBase, base, head, merged: isHead ? head : applyChanges(base, trees.effect) };
}

function applyChanges(files: Files, changes: readonly PathChange[]): Files {
  if (changes.length === 0) return files;
  const next = new Map(files);
  for (const { path, after } of changes) {
    if (after === null) next.delete(path);
    else next.set(path, after);
  }
  return next;
}

/** Layers outside of the folders that are listed anyway, of every policy in play. */
function findLayers(sides: SideFiles, texts: ReadonlyMap<string, string>): readonly string[] {
  const layers = Object.values(sides).flatMap((files: Files) => {
    const policy = parsePolicy(texts.get(files.get(POLICY_PATH)?.oid ?? '') ?? null);
    return policy.ok ? policy.value.config.layers : [];
  });
  return [...new Set(layers)].filter(
    (path) => !GOVERNED_FOLDERS.some((folder) => path.startsWith(`${folder}/`)),
  );
}

/** What the rules look at: configuration, what changes below `reports/`, attributes, and evidence where a proposal is added. */
function wantedIn(
  { own, effect }: Trees,
  layers: readonly string[],
): (path: string, file: StoredFile) => boolean {
  const changed = new Set([...own, ...effect].map(({ path }) => path));
  const needsEvidence = own.some(({ path }) => isProposalPath(path));
  let budget = MAX_EVIDENCE_BYTES;
  return (path, { sizeBytes }) => {
    if (changed.has(path)) {
      const isRead = /^(?:config|reports)\/|(?:^|\/)\.gitattributes$/i.test(path) || layers.includes(path);
      budget -= isRead ? sizeBytes : 0;
      return isRead && sizeBytes <= MAX_EVIDENCE_FILE_BYTES && budget >= 0;
    }
    if (path.startsWith(`${EVIDENCE_PATH}/`)) return needsEvidence;
    return path.startsWith('config/') || layers.includes(path);
  };
}

interface Reading {
  readonly sides: SideFiles;
  readonly isWanted: (path: string, file: StoredFile) => boolean;
}

/** Reads the wanted blobs that are not there yet, each once, by object id. */
async function readInto(
  texts: Map<string, string>,
  git: RememberedRepository,
  reading: Reading,
): Promise<void> {
  const oids = new Set<string>();
  for (const files of new Set<Files>(Object.values(reading.sides))) {
    for (const [path, file] of files) {
      const isRegular = file.mode.startsWith('100');
      const isNew = !texts.has(file.oid) && !oids.has(file.oid);
      if (isRegular && isNew && reading.isWanted(path, file)) oids.add(file.oid);
    }
  }
  for (const [oid, text] of await git.texts([...oids])) if (text !== null) texts.set(oid, text);
}

function textsOf(files: Files, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, { oid, mode }] of files) {
    const text = mode.startsWith('100') ? texts.get(oid) : undefined;
    if (text !== undefined) found.set(path, text);
  }
  return found;
}
