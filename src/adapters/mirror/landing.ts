import { createGitRunner, FETCH, readRef, remoteSettings } from '../git/index.ts';
import { createBareFolder, removeFolder } from './bare-folder.ts';
import { fetchFailure } from './fetch-failure.ts';
import type { FetchLimits } from './limits.ts';
import { watchFetch } from './watch-fetch.ts';

/** What to fetch, and how. */
export interface Cargo {
  readonly url: string;
  readonly token: string;
  /** A full ref at the other end; it gets the same name in the landing place. */
  readonly ref: string;
  readonly limits: FetchLimits;
  readonly minFreeBytes: number;
}

/** A ref and its objects, as far as the mirror has not got them, in a repository of their own. */
export interface Landed {
  readonly folder: string;
  readonly oid: string;
}

/** From `incoming/NAME/objects` to the mirror's: a path without what could have a meaning in that file. */
const ALTERNATE = '../../../mirror.git/objects';

/** Fetches one ref into a new folder; null when there is none. Leaves nothing behind unless it succeeds. */
export async function land(incoming: string, cargo: Cargo): Promise<Landed | null> {
  const folder = createBareFolder(incoming, 'fetch-', ALTERNATE);
  try {
    const oid = await fetchInto(folder, cargo);
    if (oid !== null) return { folder, oid };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
  removeFolder(folder);
  return null;
}

function fetchInto(folder: string, cargo: Cargo): Promise<string | null> {
  const { url, ref, limits, minFreeBytes } = cargo;
  const secrets = remoteSettings(cargo);
  const { objectBytes } = limits;
  return watchFetch({ folder, limits, minFreeBytes }, async (signal) => {
    const run = createGitRunner(folder, secrets, { objectBytes, signal });
    const args = [...FETCH, url, `+${ref}:${landedRef(ref)}`];
    const output = await run(args);
    if (output.exitCode === 0) return readRef(createGitRunner(folder, [], { objectBytes }), landedRef(ref));
    if (MISSING_REF.test(output.stderr)) return null;
    throw fetchFailure(args, output);
  });
}

/** builtin/fetch.c, with `LC_ALL=C`. */
const MISSING_REF = /^fatal: couldn't find remote ref /m;

/** The name of a ref of the other end here: below a namespace of our own. */
export function landedRef(ref: string): string {
  return `refs/peak/${ref.slice('refs/'.length)}`;
}
