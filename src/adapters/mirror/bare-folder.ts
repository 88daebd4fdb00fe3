import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import { codeOf, fileFault } from '../file-fault.ts';

/**
 * gitrepository-layout(5). `git init` would copy the machine's templates, hooks among them. HEAD names a branch that never exists, so
 * that nothing is read by way of it.
 */
const FILES = {
  HEAD: 'ref: refs/heads/none\n',
  config:
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tlogAllRefUpdates = false\n[gc]\n\tauto = 0\n',
};

/** Makes an empty bare repository in a new folder, which sees the objects of another one, if any, named relative to its own. */
export function createBareFolder(parent: string, prefix: string, alternate: string | null): string {
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(join(parent, prefix));
    for (const name of ['objects/info', 'objects/pack', 'refs/heads'])
      mkdirSync(join(folder, name), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    if (alternate !== null) writeFileSync(join(folder, 'objects/info/alternates'), `${alternate}\n`);
    return folder;
  } catch (error) {
    throw fileFault(error, 'cannot make a folder for what is fetched');
  }
}

/** Gives a folder its final name; where another process was faster, its folder stays and ours goes. */
export function placeFolder(folder: string, final: string): void {
  try {
    renameSync(folder, final);
  } catch (error) {
    removeFolder(folder);
    if (!['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(codeOf(error)))
      throw fileFault(error, 'cannot place the mirror');
  }
}

/** Moves what a fetch has stored to another repository on the same disk. A pack counts from when its index is there, so that is last. */
export function movePacks(from: string, to: string): void {
  const [source, target] = [from, to].map((folder) => join(folder, 'objects/pack')) as [string, string];
  try {
    const names = readdirSync(source).filter((name) => /^pack-[0-9a-f]+\.(?:pack|rev|idx)$/.test(name));
    for (const name of names.sort(byKind)) renameSync(join(source, name), join(target, name));
  } catch (error) {
    throw fileFault(error, 'cannot move what was fetched into the mirror');
  }
}

const byKind = (a: string, b: string): number => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx'));

/** How many packs a repository has. */
export function countPacks(folder: string): number {
  return readdirSync(join(folder, 'objects/pack')).filter((name) => name.endsWith('.pack')).length;
}

/** Bytes of everything that a fetch has stored so far; files that come and go meanwhile are nothing. */
export function storedBytes(folder: string): number {
  const packs = join(folder, 'objects/pack');
  try {
    return readdirSync(packs).reduce((sum, name) => sum + sizeOf(join(packs, name)), 0);
  } catch {
    return 0;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Removes a folder, whatever is in it; a last file of a process that is just ending gets another try. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch (error) {
    throw fileFault(error, 'cannot remove what was fetched');
  }
}

/** Removes what a process that was killed has left behind: folders older than any judgement. */
export function removeAbandoned(parent: string, olderThanMs: number): void {
  for (const name of namesIn(parent)) {
    const path = join(parent, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changed !== undefined && changed < olderThanMs) removeFolder(path);
  }
}

function namesIn(parent: string): readonly string[] {
  try {
    return readdirSync(parent);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error instanceof AppError ? error : fileFault(error, 'cannot list what was fetched');
  }
}
