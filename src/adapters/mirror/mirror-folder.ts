import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitRecords } from '../../cycles/audit-port.ts';
import type { ReviewRepository } from '../../cycles/review-repository-port.ts';
import { fileFault } from '../file-fault.ts';
import {
  bareRepository,
  createCommitRecords,
  createGitRunner,
  gitFailure,
  gitOutput,
  type RunGit,
  readRef,
} from '../git/index.ts';
import {
  countPacks,
  createBareFolder,
  movePacks,
  placeFolder,
  removeAbandoned,
  removeFolder,
} from './bare-folder.ts';
import type { Landed } from './landing.ts';

/** One fetch leaves one pack, and each pack makes every look-up slower; git's own limit (gc.autoPackLimit, git-config(1)). */
const MAX_PACKS = 50;
/** No judgement takes so long: what is older was left behind by a process that was killed. */
const ABANDONED_MS = 6 * 60 * 60_000;

/**
 * The folder of one mirror: `mirror.git`, and `incoming/` for what is being fetched. Its objects only become more, and appear whole;
 * so several processes may work on it without a lock.
 */
export class MirrorFolder {
  readonly mirror: string;
  readonly incoming: string;
  readonly repository: ReviewRepository;
  readonly #folder: string;
  readonly #run: RunGit;

  /** Makes the folder if it is not there, and removes what was left behind. */
  constructor(parent: string, name: string, objectBytes: number) {
    this.#folder = makeFolder(parent, name);
    this.mirror = join(this.#folder, 'mirror.git');
    this.incoming = join(this.#folder, 'incoming');
    this.#run = createGitRunner(this.mirror, [], { objectBytes });
    this.repository = bareRepository(this.#run);
    removeAbandoned(this.incoming, Date.now() - ABANDONED_MS);
    this.ensure();
  }

  /** Notes below a ref of the mirror's, and what commits say of themselves. */
  recordsOf(notesRef: string): CommitRecords {
    return createCommitRecords(this.#run, notesRef);
  }

  /** Makes the mirror if it is not there. */
  ensure(): void {
    if (existsSync(join(this.mirror, 'HEAD'))) return;
    placeFolder(createBareFolder(this.#folder, 'new-', null), this.mirror);
  }

  /** Throws everything away that was fetched, and starts anew. */
  replace(): void {
    const aside = join(makeTemporary(this.#folder), 'mirror.git');
    try {
      if (existsSync(this.mirror)) renameSync(this.mirror, aside);
    } catch (error) {
      throw fileFault(error, 'cannot move the damaged mirror away');
    } finally {
      removeFolder(join(aside, '..'));
    }
    this.ensure();
  }

  read(ref: string): Promise<string | null> {
    return readRef(this.#run, ref);
  }

  /** Takes what has landed, and moves the ref to it unless another process has moved it meanwhile. */
  async take({ folder, oid }: Landed, ref: string, previous: string | null): Promise<void> {
    movePacks(folder, this.mirror);
    const args = ['update-ref', '--no-deref', ref, oid, previous ?? '0'.repeat(oid.length)];
    const output = await this.#run(args);
    // Whoever was faster has fetched as well as we; their tip stays, ours can be read all the same.
    if (output.exitCode !== 0 && (await this.read(ref)) === previous) throw gitFailure(args, output);
    if (countPacks(this.mirror) > MAX_PACKS)
      await gitOutput(this.#run, ['repack', '-a', '-d', '-k', '-q', '--no-write-bitmap-index']);
  }

  async isAncestor(ancestor: string, commit: string): Promise<boolean> {
    const args = ['merge-base', '--is-ancestor', ancestor, commit];
    const output = await this.#run(args);
    if (output.exitCode === 0 || output.exitCode === 1) return output.exitCode === 0;
    throw gitFailure(args, output);
  }

  /** Whether every object is there and is what its name says, and no process has died while it moved a ref. */
  async isSound(): Promise<boolean> {
    if (!existsSync(join(this.mirror, 'HEAD')) || this.#hasLock()) return false;
    const output = await this.#run(['fsck', '--no-dangling', '--no-progress']);
    return output.exitCode === 0;
  }

  #hasLock(): boolean {
    try {
      const names = readdirSync(join(this.mirror, 'refs'), { recursive: true, encoding: 'utf8' });
      return names.some((name) => name.endsWith('.lock'));
    } catch {
      // What cannot be listed is damaged, too.
      return true;
    }
  }
}

function makeFolder(parent: string, name: string): string {
  try {
    const folder = join(parent, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // As processes see it in whose working directory it is.
    return realpathSync(folder);
  } catch (error) {
    throw fileFault(error, 'cannot make the folder of the mirror');
  }
}

function makeTemporary(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'old-'));
  } catch (error) {
    throw fileFault(error, 'cannot move the damaged mirror away');
  }
}
