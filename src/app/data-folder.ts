import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../kernel/problem.ts';
import { fault } from './settings.ts';

/** Write permissions of group and others (inode(7)). */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes the folder for mirrors if it is not there, and tries it. What is in it is trusted by the next start, so where others can write
 * it is a fault, as is a link in the shared temporary folder. Null where all is well.
 */
export function prepareDataFolder(folder: string, isNamed: boolean): Problem | null {
  try {
    makeFolder(resolve(folder));
    const fault = findOwnerFault(isNamed ? statSync(folder) : lstatSync(folder));
    if (fault !== null) return refuse(folder, fault);
    rmdirSync(mkdtempSync(join(folder, 'try-')));
    return null;
  } catch (error) {
    return refuse(folder, `cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'UNKNOWN'}`);
  }
}

/** One by one: in /proc, Node.js 20 tries `recursive` for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function findOwnerFault(stats: Stats): string | null {
  if (!stats.isDirectory()) return 'is no folder';
  const user = process.getuid?.();
  // Windows has neither.
  if (user === undefined) return null;
  if (stats.uid !== user) return `belongs to user ${stats.uid}, not to ${user}, who runs the judge`;
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) return 'can be written by others';
  return null;
}

function refuse(folder: string, reason: string): Problem {
  return fault(
    'PEAK_DATA_DIR',
    `(${folder}) ${reason}`,
    'name a folder of its own that the judge can make, or "chown" it to the judge\'s user and "chmod 700" it',
  );
}
