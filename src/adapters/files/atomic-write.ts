import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, fileFault } from '../file-fault.ts';

/** Names of files and folders that are not finished; `.gitignore` knows them, and the next run removes them. */
export const UNFINISHED_PREFIX = '.peak-tmp-';

/**
 * Replaces a file in one step: written beside it, synced, renamed, and the folder synced. A crash at any point leaves the
 * old bytes or the new ones. A symbolic link is refused, since renaming would replace it and leave its target behind.
 */
export function writeFileAtomically(path: string, text: string | Uint8Array): void {
  const unfinished = join(dirname(path), unfinishedName(basename(path)));
  try {
    refuseLink(path);
    mkdirSync(dirname(path), { recursive: true });
    writeAndSync(unfinished, text);
    renameSync(unfinished, path);
    syncFolder(dirname(path));
  } catch (error) {
    removeQuietly(unfinished);
    throw fileFault(error, `cannot write ${basename(path)}`);
  }
}

/** Makes a folder appear with all its files in one step. False when there is one already. */
export function writeFolderAtomically(path: string, files: ReadonlyMap<string, string>): boolean {
  const parent = dirname(path);
  const unfinished = join(parent, unfinishedName(basename(path)));
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
    mkdirSync(unfinished, { recursive: true });
    for (const [name, text] of files) writeAndSync(join(unfinished, name), text);
    syncFolder(unfinished);
    renameSync(unfinished, path);
    syncFolder(parent);
    return true;
  } catch (error) {
    removeQuietly(unfinished);
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false;
    throw fileFault(error, `cannot write the folder ${basename(path)}`);
  }
}

/** Removes what a killed run left behind. Only to be called while no other run is active. */
export function removeUnfinished(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(UNFINISHED_PREFIX)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // leftovers are ignored by every reader; that they cannot be removed now does no harm
  }
}

/** What failed first is what people should hear of. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // the next run removes it
  }
}

function unfinishedName(name: string): string {
  return `${UNFINISHED_PREFIX}${randomBytes(6).toString('hex')}-${name}`;
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw Object.assign(new Error('a symbolic link'), { code: 'is a symbolic link' });
  }
}

function writeAndSync(path: string, text: string | Uint8Array): void {
  const file = openSync(path, 'wx', 0o644);
  try {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename durable. Folders cannot be synced everywhere; the rename itself is atomic without it. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch {
    // not supported here
  } finally {
    closeSync(folder);
  }
}
