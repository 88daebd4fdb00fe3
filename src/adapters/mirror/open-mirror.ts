import type {
  HeadSource,
  MirrorPlace,
  RepositoryMirror,
  SyncedBase,
  SyncedHead,
} from '../../cycles/mirror-port.ts';
import type { ReviewRepository } from '../../cycles/review-repository-port.ts';
import { AppError, BugError } from '../../kernel/app-error.ts';
import { bareRepository, createGitRunner, isRefName } from '../git/index.ts';
import { removeFolder } from './bare-folder.ts';
import { type Landed, land, landedRef } from './landing.ts';
import { type FetchLimits, MIRROR_LIMITS, type MirrorLimits } from './limits.ts';
import { MirrorFolder } from './mirror-folder.ts';

/** An address without credentials, query or anything else that git or a configuration key could take for more. */
const URL_FORM =
  /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9_.-]+)*\/[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\.git$/;
/** Where the judge writes its verdicts (judge.md §6). */
const NOTES_REF = 'refs/notes/peak';

/**
 * Opens the mirror of a repository below a folder of ours, and makes it where there is none; no request is made. Throws `DISK_FULL`,
 * `READ_ONLY`, `FILE_SYSTEM` for the folder, and `GITHUB_REFUSED` for an address that cannot be one of GitHub's.
 */
export function openMirror(
  parent: string,
  place: MirrorPlace,
  limits: MirrorLimits = MIRROR_LIMITS,
): RepositoryMirror {
  assertPlace(place);
  const folder = new MirrorFolder(parent, String(place.id), limits.base.objectBytes);
  const mirror = new Mirror(folder, place, limits);
  return {
    syncBase: (branch) => mirror.syncBase(branch),
    syncNotes: () => mirror.syncNotes(),
    syncHead: (source, expected) => mirror.syncHead(source, expected),
    repository: folder.repository,
    records: folder.recordsOf(landedRef(NOTES_REF)),
  };
}

function assertPlace({ id, url }: MirrorPlace): void {
  if (!Number.isSafeInteger(id) || id <= 0) throw new BugError(`not a repository's number: ${id}`);
  if (URL_FORM.test(url) && !/\/\.{1,2}(?:\/|\.git$)/.test(url)) return;
  throw new AppError('GITHUB_REFUSED', 'not the address of a repository', {
    hint: 'owner and name hold letters, digits, `.`, `_` and `-`',
  });
}

class Mirror {
  readonly #folder: MirrorFolder;
  readonly #place: MirrorPlace;
  readonly #limits: MirrorLimits;
  /** The last of the calls that write to the mirror: one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #isSuspect = false;

  constructor(folder: MirrorFolder, place: MirrorPlace, limits: MirrorLimits) {
    this.#folder = folder;
    this.#place = place;
    this.#limits = limits;
  }

  syncBase(branch: string): Promise<SyncedBase | null> {
    return this.#inTurn(async () => {
      const found = await this.#sync(branchRef(branch), this.#limits.base);
      if (found === null) return null;
      const { tip, previous } = found;
      const isKept = previous === null || previous === tip || (await this.#folder.isAncestor(previous, tip));
      return { tip, previous, isRewritten: !isKept };
    });
  }

  syncNotes(): Promise<string | null> {
    return this.#inTurn(async () => (await this.#sync(NOTES_REF, this.#limits.head))?.tip ?? null);
  }

  async syncHead(source: HeadSource, expected?: string): Promise<SyncedHead | null> {
    const landed = await this.#land(headRef(source), this.#limits.head);
    if (landed === null) return null;
    const { folder, oid } = landed;
    if (expected !== undefined && expected !== oid) {
      removeFolder(folder);
      throw new AppError('GIT_REF_MOVED', `the head is ${oid}, no longer ${expected}`, {
        hint: 'read the pull request again',
      });
    }
    const run = createGitRunner(folder, [], { objectBytes: this.#limits.base.objectBytes });
    return {
      head: oid,
      repository: this.#watched(bareRepository(run)),
      release: async () => removeFolder(folder),
    };
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#orAnew(task));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** A mirror that is damaged is cloned anew, once. */
  async #orAnew<T>(task: () => Promise<T>): Promise<T> {
    if (this.#isSuspect && !(await this.#folder.isSound())) this.#folder.replace();
    this.#isSuspect = false;
    this.#folder.ensure();
    try {
      return await task();
    } catch (error) {
      if (!isGitFailure(error) || (await this.#folder.isSound())) throw error;
      this.#folder.replace();
      return task();
    }
  }

  async #sync(
    ref: string,
    limits: FetchLimits,
  ): Promise<{ readonly tip: string; readonly previous: string | null } | null> {
    const own = landedRef(ref);
    const previous = await this.#folder.read(own);
    const landed = await this.#land(ref, limits);
    if (landed === null) return null;
    try {
      if (landed.oid !== previous) await this.#folder.take(landed, own, previous);
    } finally {
      removeFolder(landed.folder);
    }
    return { tip: landed.oid, previous };
  }

  async #land(ref: string, limits: FetchLimits): Promise<Landed | null> {
    const { url, token } = this.#place;
    const { minFreeBytes } = this.#limits;
    return land(this.#folder.incoming, { url, token: await token(), ref, limits, minFreeBytes });
  }

  /** What cannot be read may be missing from the mirror: before the next fetch, it is looked at. */
  #watched(repository: ReviewRepository): ReviewRepository {
    const watch = <A extends readonly unknown[], T>(ask: (...args: A) => Promise<T>) => {
      return (...args: A): Promise<T> =>
        ask(...args).catch((error: unknown) => {
          this.#isSuspect ||= isGitFailure(error);
          throw error;
        });
    };
    return {
      list: watch(repository.list),
      read: watch(repository.read),
      firstParents: watch(repository.firstParents),
      changesAlong: watch(repository.changesAlong),
      mergeBases: watch(repository.mergeBases),
      mergeTree: watch(repository.mergeTree),
      diff: watch(repository.diff),
      time: watch(repository.time),
    };
  }
}

/** What GitHub or a stranger has not caused. */
function isGitFailure(error: unknown): boolean {
  return error instanceof AppError && error.code === 'GIT_FAILED';
}

function branchRef(branch: string): string {
  const ref = `refs/heads/${branch}`;
  if (isRefName(ref)) return ref;
  throw new AppError('GITHUB_REFUSED', 'not the name of a branch', { hint: 'see git-check-ref-format(1)' });
}

function headRef(source: HeadSource): string {
  if ('branch' in source) return branchRef(source.branch);
  if (Number.isSafeInteger(source.pull) && source.pull > 0) return `refs/pull/${source.pull}/head`;
  throw new BugError(`not the number of a pull request: ${source.pull}`);
}
