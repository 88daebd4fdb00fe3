import { type Dir, type Dirent, lstatSync, opendirSync } from 'node:fs';
import { join } from 'node:path';
import type { ForeignEntry, ForeignFolder } from '../../cycles/foreign-folder-port.ts';
import { fileFault } from '../file-fault.ts';
import { decodeUtf8, readFileBytes } from './read-file.ts';

/** Opens a folder that somebody else filled; null when there is no such folder. A link is none. */
export function openForeignFolder(folder: string): ForeignFolder | null {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  return {
    list: (maxEntries) => listEntries(folder, maxEntries),
    readText: (path, maxBytes) => readForeignText(folder, path, maxBytes),
  };
}

/** Walks without recursion and entry by entry: neither a deep nor a wide tree may end this process. */
function listEntries(root: string, maxEntries: number): readonly ForeignEntry[] | null {
  const found: ForeignEntry[] = [];
  const open = [''];
  let met = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of readEntries(join(root, folder))) {
      met += 1;
      if (met > maxEntries) return null;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else found.push({ path, ...stateOf(join(root, path), entry) });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function* readEntries(path: string): Generator<Dirent> {
  let folder: Dir | undefined;
  try {
    folder = opendirSync(path);
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry;
  } catch (error) {
    throw fileFault(error, `cannot list ${path}`);
  } finally {
    folder?.closeSync();
  }
}

function stateOf(path: string, entry: Dirent): Pick<ForeignEntry, 'kind' | 'sizeBytes'> {
  if (entry.isSymbolicLink()) return { kind: 'link', sizeBytes: 0 };
  const state = entry.isFile() ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
  return state?.isFile() ? { kind: 'file', sizeBytes: state.size } : { kind: 'other', sizeBytes: 0 };
}

function readForeignText(root: string, path: string, maxBytes: number): string | null | undefined {
  try {
    const read = readFileBytes(join(root, path), maxBytes);
    if ('tooLarge' in read || read.bytes.length > maxBytes) return undefined;
    return decodeUtf8(read.bytes);
  } catch (error) {
    throw fileFault(error, `cannot read ${path}`);
  }
}
