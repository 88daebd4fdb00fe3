import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { PathPlace } from './classify.ts';
import type { Snapshot } from './snapshot.ts';

const FOLDER = `${PROPOSALS_PATH}/`;

/** The folder of a path below `reports/live_promotion/`, or null. */
function folderOf(path: string): string | null {
  if (!path.startsWith(FOLDER)) return null;
  const end = path.indexOf('/', FOLDER.length);
  return end === -1 ? null : path.slice(FOLDER.length, end);
}

/** What a change does below `reports/live_promotion/`. */
export interface ProposalFolders {
  /** Ids of folders that neither the tip nor the merge base has, but for those that only hold a `rollback.json`. */
  readonly added: readonly string[];
  /** Paths of folders that stand already, or that are in no folder. */
  readonly touched: readonly string[];
  /** Added `rollback.json` files. */
  readonly rollbacks: readonly string[];
}

/** Sorts what a change does to proposals. */
export function findProposalFolders(
  { base, mergeBase, head, own }: Pick<Snapshot, 'base' | 'mergeBase' | 'head' | 'own'>,
  places: ReadonlyMap<string, PathPlace>,
): ProposalFolders {
  const bases = new Set([base.files, mergeBase.files]);
  const standing = new Set([...bases].flatMap((files) => [...foldersIn(files)]));
  const added = new Set<string>();
  const touched = new Set<string>();
  const rollbacks: string[] = [];
  for (const { path } of own) {
    if (places.get(path)?.class !== 'proposal') continue;
    const folder = folderOf(path);
    if (folder === null || standing.has(folder)) touched.add(path);
    else if (path === `${PROPOSALS_PATH}/${folder}/rollback.json` && isAlone(folder, head.files))
      rollbacks.push(path);
    else added.add(folder);
  }
  return { added: [...added].sort(), touched: [...touched].sort(), rollbacks };
}

function foldersIn(files: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    const folder = folderOf(path);
    if (folder !== null) folders.add(folder);
  }
  return folders;
}

function isAlone(folder: string, files: ReadonlyMap<string, unknown>): boolean {
  return [...files.keys()].filter((path) => folderOf(path) === folder).length === 1;
}

/** Where the metadata of a proposal stands. */
export function metaPathOf(id: string): string {
  return `${PROPOSALS_PATH}/${id}/proposal_meta.json`;
}
