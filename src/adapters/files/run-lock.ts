import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import { codeOf, fileFault, isMissing } from '../file-fault.ts';

/** How long a second run waits for the first (a run over 100,000 signals takes about 2 s), and how often it looks. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/**
 * Runs something that no other process may do at the same time on this folder. The lock is a file with the process id; one
 * left by a process that is gone is taken over, so that a killed run never blocks the next.
 */
export function withRunLock<T>(lockPath: string, patienceMs: number, run: () => T): T {
  const own = acquire(lockPath, patienceMs);
  try {
    removeAbandonedDrafts(lockPath);
    return run();
  } finally {
    if (readLock(lockPath) === own) rmSync(lockPath, { force: true });
  }
}

export { PATIENCE_MS };

/** What killed runs left behind while they waited; their names begin with the lock's and hold their process id. */
function removeAbandonedDrafts(lockPath: string): void {
  const prefix = `${basename(lockPath)}.`;
  for (const name of readdirSync(dirname(lockPath))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('.')[0]) : Number.NaN;
    if (Number.isSafeInteger(pid) && !isRunning(pid)) removeQuietly(join(dirname(lockPath), name));
  }
}

function acquire(lockPath: string, patienceMs: number): string {
  const content = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    token: randomBytes(8).toString('hex'),
  });
  const draft = `${lockPath}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(lockPath), { recursive: true });
    writeFileSync(draft, content, { flag: 'wx' });
    waitForLink(draft, lockPath, patienceMs);
  } catch (error) {
    throw error instanceof AppError ? error : fileFault(error, 'cannot lock the folder');
  } finally {
    removeQuietly(draft);
  }
  return content;
}

/** A draft that stays behind does no harm; what failed first is what people should hear of. */
function removeQuietly(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // the folder itself could not be made
  }
}

/** A hard link appears whole or not at all, and never over an existing name. */
function waitForLink(draft: string, lockPath: string, patienceMs: number): void {
  for (let waited = 0; ; waited += PAUSE_MS) {
    try {
      linkSync(draft, lockPath);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const held = readLock(lockPath);
    if (held !== null && takeOver(lockPath, held)) continue;
    if (waited >= patienceMs) throw alreadyRunning(lockPath, held);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

/** Moves a dead process's lock out of the way. What was moved is looked at again, in case another run was faster. */
function takeOver(lockPath: string, held: string): boolean {
  if (isAlive(held)) return false;
  const aside = `${lockPath}.${process.pid}.stale.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(lockPath, aside);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  try {
    if (readLock(aside) !== held) linkSync(aside, lockPath);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
}

/** A lock of another machine (a shared folder) cannot be checked and counts as alive. */
function isAlive(held: string): boolean {
  const owner = parseOwner(held);
  if (owner === null) return false;
  return owner.host !== hostname() || isRunning(owner.pid);
}

function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function parseOwner(held: string): { pid: number; host: string } | null {
  try {
    const owner = JSON.parse(held) as { pid: unknown; host: unknown };
    const isProcess = Number.isSafeInteger(owner.pid) && (owner.pid as number) > 0;
    return isProcess && typeof owner.host === 'string'
      ? { pid: owner.pid as number, host: owner.host as string }
      : null;
  } catch {
    return null;
  }
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function alreadyRunning(lockPath: string, held: string | null): AppError {
  const owner = held === null ? null : parseOwner(held);
  if (owner === null) {
    const hint = `remove ${lockPath}`;
    return new AppError('FILE_SYSTEM', 'the lock of this folder cannot be read', { hint });
  }
  return new AppError('ALREADY_RUNNING', `another run is active (process ${owner.pid} on ${owner.host})`, {
    hint: `wait for it; if there is no such process, remove ${lockPath}`,
  });
}
