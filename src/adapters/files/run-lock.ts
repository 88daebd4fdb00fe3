import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import { codeOf, fileFault, isMissing } from '../file-fault.ts';

/** How long a second run waits for the first (a run over 100,000 signals takes about 2 s), and how often it looks. */
export const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/** A lock file and what it says. */
interface Link {
  readonly path: string;
  readonly content: string;
}

/**
 * Runs something that no other process may do at the same time on this folder. The lock is a file with the process id; one
 * left by a process that is gone is taken over, so that a killed run never blocks the next.
 *
 * A dead lock is never moved or replaced: whoever takes it over makes a further link named after it, which only one process
 * can. So a slow process, woken up late, finds the name taken, or the chain changed, and starts over.
 */
export function withRunLock<T>(lockPath: string, patienceMs: number, run: () => T): T {
  const chain = acquire(lockPath, patienceMs);
  try {
    removeAbandonedDrafts(lockPath);
    return run();
  } finally {
    // From the first link on: as soon as it is gone, nobody can append to this chain any more.
    for (const { path, content } of chain) if (readLock(path) === content) removeQuietly(path);
  }
}

function acquire(lockPath: string, patienceMs: number): readonly Link[] {
  const owner = { pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') };
  const draft = { path: `${lockPath}.${process.pid}.${owner.token}.draft`, content: JSON.stringify(owner) };
  try {
    mkdirSync(dirname(lockPath), { recursive: true });
    writeFileSync(draft.path, draft.content, { flag: 'wx' });
    return waitForChain(draft, lockPath, patienceMs);
  } catch (error) {
    throw error instanceof AppError ? error : fileFault(error, 'cannot lock the folder');
  } finally {
    removeQuietly(draft.path);
  }
}

function waitForChain(draft: Link, lockPath: string, patienceMs: number): readonly Link[] {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const dead = readDeadChain(lockPath);
    const path = nextPath(lockPath, dead);
    if (tryLink(draft.path, path)) {
      const own = { path, content: draft.content };
      if (isUnchanged(dead)) return [...dead, own];
      removeQuietly(path);
    } else if (waited >= patienceMs) {
      throw alreadyRunning(path, readLock(path));
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

/** The lock and its successors, as long as their processes are dead. */
function readDeadChain(lockPath: string): readonly Link[] {
  const dead: Link[] = [];
  for (;;) {
    const path = nextPath(lockPath, dead);
    const content = readLock(path);
    if (content === null || isAlive(content)) return dead;
    dead.push({ path, content });
  }
}

/** The name that comes after a chain: it follows from what the last link says. */
function nextPath(lockPath: string, chain: readonly Link[]): string {
  const last = chain.at(-1);
  return last === undefined ? lockPath : `${lockPath}.${chain.length}.after.${tokenOf(last.content)}`;
}

function isUnchanged(chain: readonly Link[]): boolean {
  return chain.every(({ path, content }) => readLock(path) === content);
}

/** A hard link appears whole or not at all, and never over an existing name. */
function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A lock of another machine (a shared folder) cannot be checked and counts as alive. */
function isAlive(content: string): boolean {
  const owner = parseOwner(content);
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

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function parseOwner(content: string): Owner | null {
  try {
    const { pid, host } = JSON.parse(content) as Record<string, unknown>;
    const isProcess = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
    return isProcess && typeof host === 'string' ? { pid, host } : null;
  } catch {
    return null;
  }
}

/** What tells one lock from the next in a name; a broken lock has none, and needs none, because it never changes. */
function tokenOf(content: string): string {
  return /"token":"([0-9a-f]{16})"/.exec(content)?.[1] ?? 'unreadable';
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What killed runs left behind while they waited; their names hold their process id. */
function removeAbandonedDrafts(lockPath: string): void {
  const prefix = `${basename(lockPath)}.`;
  for (const name of readdirSync(dirname(lockPath))) {
    const pid =
      name.startsWith(prefix) && name.endsWith('.draft')
        ? Number(name.slice(prefix.length).split('.')[0])
        : Number.NaN;
    if (Number.isSafeInteger(pid) && !isRunning(pid)) removeQuietly(join(dirname(lockPath), name));
  }
}

/** What stays behind does no harm; what failed first is what people should hear of. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // the folder itself could not be made, or is gone
  }
}

function alreadyRunning(path: string, content: string | null): AppError {
  const owner = content === null ? null : parseOwner(content);
  if (owner === null) {
    return new AppError('FILE_SYSTEM', 'the lock of this folder cannot be read', { hint: `remove ${path}` });
  }
  return new AppError('ALREADY_RUNNING', `another run is active (process ${owner.pid} on ${owner.host})`, {
    hint: `wait for it; if there is no such process, remove ${path}`,
  });
}
