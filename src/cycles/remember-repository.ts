import type { CommitChange } from '../history/index.ts';
import { decodeUtf8 } from '../kernel/text/decode-utf8.ts';
import type { ObjectMemory } from './object-memory.ts';
import type { ReviewRepository } from './review-repository-port.ts';

/** A repository that answers from memory what it has been asked before. */
export interface RememberedRepository extends ReviewRepository {
  /** Blobs as texts by id; null for what is not UTF-8. A blob that was asked for before is not read again, whatever else is asked. */
  texts(oids: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
}

/** What an object's id, mode, size and the like take in an answer, roughly. */
const RECORD_BYTES = 256;

/**
 * The same repository, asked each question once. Every question is one about objects by full ids, whose answer no ref and no later push
 * can change. A merge is computed each time: its tree is stored where the repository is, and may be thrown away with it.
 */
export function rememberRepository(git: ReviewRepository, memory: ObjectMemory): RememberedRepository {
  const remember = rememberIn(memory);
  return {
    list: remember('list', (commit, prefixes) => git.list(commit, prefixes), weighPaths),
    read: remember(
      'read',
      (oids) => git.read(oids),
      (blobs) => sum(blobs, (blob) => blob.length),
    ),
    firstParents: remember(
      'firstParents',
      (commit) => git.firstParents(commit),
      ({ commits }) => commits.length * RECORD_BYTES,
    ),
    changesAlong: remember(
      'changesAlong',
      (range, prefixes) => git.changesAlong(range, prefixes),
      weighCommits,
    ),
    mergeBases: remember(
      'mergeBases',
      (one, other) => git.mergeBases(one, other),
      (found) => found.length * RECORD_BYTES,
    ),
    diff: remember('diff', (from, to) => git.diff(from, to), weighPaths),
    time: remember(
      'time',
      (commit) => git.time(commit),
      () => 0,
    ),
    mergeTree: (base, head) => git.mergeTree(base, head),
    texts: (oids) => readTexts(git, memory, oids),
  };
}

/** Answers that are still being found are waited for, so that two who ask side by side cost one process. */
function rememberIn(memory: ObjectMemory) {
  const pending = new Map<string, Promise<unknown>>();
  return <A extends readonly unknown[], T>(
    name: string,
    ask: (...args: A) => Promise<T>,
    weigh: (answer: T) => number,
  ) =>
    (...args: A): Promise<T> => {
      const key = `${name} ${JSON.stringify(args)}`;
      const known = memory.get(key);
      if (known !== undefined) return Promise.resolve(known as T);
      const answer = (pending.get(key) as Promise<T> | undefined) ?? ask(...args);
      pending.set(key, answer);
      return answer
        .then((found) => {
          memory.set(key, found, weigh(found));
          return found;
        })
        .finally(() => pending.delete(key));
    };
}

async function readTexts(
  git: ReviewRepository,
  memory: ObjectMemory,
  oids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  // An id alone is no key of another kind: those begin with a name.
  const texts = new Map(oids.map((oid) => [oid, memory.get(oid) as string | null | undefined]));
  const missing = [...texts].filter(([, text]) => text === undefined).map(([oid]) => oid);
  const blobs = await git.read(missing);
  for (const [i, oid] of missing.entries()) {
    const text = decodeUtf8(blobs[i] as Uint8Array);
    texts.set(oid, text);
    memory.set(oid, text, 2 * (text?.length ?? 0));
  }
  return texts as ReadonlyMap<string, string | null>;
}

function sum<T>(list: readonly T[], weigh: (entry: T) => number): number {
  return list.reduce((total, entry) => total + weigh(entry), 0);
}

function weighPaths(list: readonly { readonly path: string }[]): number {
  return sum(list, ({ path }) => RECORD_BYTES + 2 * path.length);
}

function weighCommits(commits: readonly CommitChange[]): number {
  return sum(commits, ({ files }) => RECORD_BYTES + weighPaths(files));
}
