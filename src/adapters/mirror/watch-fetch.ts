import { readdirSync, readlinkSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../kernel/app-error.ts';
import { storedBytes } from './bare-folder.ts';
import type { FetchLimits } from './limits.ts';

/** How often a fetch is looked at. At 100 MB/s, it can be 2 MB beyond its limit until then. */
const PAUSE_MS = 20;

/** What is watched, and what it may cost. */
export interface Watched {
  /** Where it lands: nobody else works in there. */
  readonly folder: string;
  readonly limits: FetchLimits;
  readonly minFreeBytes: number;
}

/** Runs a fetch, and ends it as soon as a limit is passed; what it was ended for is what it rejects with. */
export async function watchFetch<T>(watched: Watched, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const full = diskFault(watched);
  if (full !== null) throw full;
  const controller = new AbortController();
  const deadline = performance.now() + watched.limits.seconds * 1000;
  let fault: AppError | null = null;
  const timer = setInterval(() => {
    fault ??= sizeFault(watched) ?? timeFault(watched, deadline) ?? diskFault(watched);
    if (fault === null) return;
    controller.abort();
    // Again each time, because what is ending can still have started something.
    endProcessesIn(watched.folder);
  }, PAUSE_MS);
  try {
    const result = await run(controller.signal);
    // The last bytes can come in between two looks.
    fault ??= sizeFault(watched);
    if (fault !== null) throw fault;
    return result;
  } catch (error) {
    throw fault ?? error;
  } finally {
    clearInterval(timer);
  }
}

function sizeFault({ folder, limits }: Watched): AppError | null {
  const bytes = storedBytes(folder);
  if (bytes <= limits.packBytes) return null;
  return new AppError('OBJECTS_TOO_LARGE', `more than ${limits.packBytes} bytes came in`, {
    hint: 'take large files out of the branch, also out of its commits',
  });
}

function timeFault({ limits }: Watched, deadline: number): AppError | null {
  if (performance.now() < deadline) return null;
  return new AppError('FETCH_TOO_SLOW', `the fetch took more than ${limits.seconds} s`, {
    hint: 'look whether GitHub is slow, or whether the branch brings very much',
  });
}

function diskFault({ folder, minFreeBytes }: Watched): AppError | null {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= minFreeBytes) return null;
  return new AppError('DISK_FULL', `less than ${minFreeBytes} bytes are free where the mirror is`, {
    hint: 'free some space, or give the mirror another folder',
  });
}

/**
 * git ends alone when it is told to: its `index-pack` would go on with what it has, for hours where somebody meant it to (deltas of
 * deltas), and `git-remote-https` would wait for its server. Both work in the folder of the fetch. Without /proc (Linux) they end by
 * themselves, or with `http.lowSpeedTime`.
 */
function endProcessesIn(folder: string): void {
  for (const name of processIds()) {
    try {
      if (readlinkSync(join('/proc', name, 'cwd')) === folder) process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
}

function processIds(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  } catch {
    return [];
  }
}
