import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { codeOf, fileFault, isMissing } from '../file-fault.ts';
import { readFileBytes } from './read-file.ts';

/** How long a second run waits for the first (a run over 100,000 signals takes about 2 s), and how often it looks. */
export const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/**
 * Age at which a draft of another machine, whose processes cannot be seen from here, counts as left behind. A living one is gone after
 * `PATIENCE_MS`; the rest is for clocks that differ. Who sleeps longer fails, and locks nothing.
 */
const ABANDONED_MS = 60 * 60_000;

/** What a lock says has two hundred; a larger one is none of ours. */
const MAX_LOCK_BYTES = 64 * 1024;

/** A lock file and what it says. */
interface Link {
  readonly path: string;
  readonly content: string;
}

/**
 * Runs something that no other process may do at the same time on this folder. The lock is a file with machine, process id
 * and time; one left by a process of this machine that is gone is taken over, so that a killed run never blocks the next.
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
  const owner = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    token: randomBytes(8).toString('hex'),
  };
  const name = `${lockPath}.${thisMachine()}.${owner.pid}.${owner.token}.draft`;
  const draft = { path: name, content: JSON.stringify(owner) };
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
  /** When it began to wait for the lock, as that machine's clock says; for people. */
  readonly startedAt: string | null;
}

function parseOwner(content: string): Owner | null {
  try {
    const { pid, host, startedAt } = JSON.parse(content) as Record<string, unknown>;
    const isProcess = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
    if (!isProcess || typeof host !== 'string') return null;
    return { pid, host, startedAt: typeof startedAt === 'string' ? startedAt : null };
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
    const read = readFileBytes(path, MAX_LOCK_BYTES);
    return 'tooLarge' in read ? '' : read.bytes.toString('utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What killed runs left behind while they waited. Their names tell whose they are, since a draft may be cut off. */
function removeAbandonedDrafts(lockPath: string): void {
  const prefix = `${basename(lockPath)}.`;
  try {
    for (const name of readdirSync(dirname(lockPath))) {
      const path = join(dirname(lockPath), name);
      if (name.startsWith(prefix) && isAbandoned(path, name.slice(prefix.length))) removeQuietly(path);
    }
  } catch {
    // the folder may not be listed, or another run has just removed one of them: nothing depends on this
  }
}

function isAbandoned(path: string, name: string): boolean {
  const [, machine, pid] = DRAFT_NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  if (machine === thisMachine()) return !isRunning(Number(pid));
  return Date.now() - lstatSync(path).mtimeMs > ABANDONED_MS;
}

const DRAFT_NAME = /^([0-9a-f]{8})\.(\d{1,10})\.[0-9a-f]{16}\.draft$/;

/** The machine in a file name, where its own name could hold anything. */
function thisMachine(): string {
  return sha256Hex(hostname()).slice(0, 8);
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
  const since = owner.startedAt === null ? '' : `, since ${owner.startedAt}`;
  return new AppError(
    'ALREADY_RUNNING',
    `another run is active (process ${owner.pid} on ${owner.host}${since})`,
    {
      hint: `wait for it; if there is no such process, remove ${path}`,
    },
  );
}
