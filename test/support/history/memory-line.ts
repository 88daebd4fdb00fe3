import type { CommitChange, HistorySource, StoredFile } from '../../../src/history/index.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { type Instant, instantFromMs } from '../../../src/kernel/instant.ts';

/** What a commit of a test does: path → text, null removes. */
export type Files = Readonly<Record<string, string | null>>;

interface MemoryCommit {
  readonly id: string;
  readonly claimed: Instant;
  readonly files: ReadonlyMap<string, StoredFile>;
  readonly change: CommitChange;
}

/** A first-parent line in memory, as git would tell it. */
export class MemoryLine implements HistorySource {
  readonly #commits: MemoryCommit[] = [];
  readonly #texts = new Map<string, string>();
  /** As in a shallow clone: commits before this position are not there. */
  cutAt = 0;

  get head(): string {
    return this.#commits.at(-1)?.id ?? '';
  }

  /** Puts a commit on top, and answers its id. `mode` is that of every file that it writes. */
  commit(files: Files, claimedMs: number, mode = '100644'): string {
    const stored = new Map(this.#commits.at(-1)?.files);
    const changed = Object.entries(files).flatMap(([path, text]) => {
      const before = stored.get(path) ?? null;
      const after = text === null ? null : { oid: this.#store(text), mode };
      if (before?.oid === after?.oid && before?.mode === after?.mode) return [];
      if (after === null) stored.delete(path);
      else stored.set(path, after);
      return [{ path, before, after }];
    });
    const id = sha256Hex(`${this.head} ${this.#commits.length} ${claimedMs}`).slice(0, 40);
    const change = { id, files: changed };
    this.#commits.push({ id, claimed: instantFromMs(claimedMs), files: stored, change });
    return id;
  }

  /** The text of a file at the head, or at a commit. */
  text(path: string, commit = this.head): string | null {
    const file = this.#commits.find(({ id }) => id === commit)?.files.get(path);
    return file === undefined ? null : (this.#texts.get(file.oid) ?? null);
  }

  async firstParents(commit: string) {
    const until = this.#commits.findIndex(({ id }) => id === commit);
    const commits = this.#commits.slice(this.cutAt, until + 1);
    return { commits: commits.map(({ id, claimed }) => ({ id, claimed })), isCut: this.cutAt > 0 };
  }

  async changesAlong(range: { after: string | null; until: string }, prefixes: readonly string[]) {
    const from = this.#commits.findIndex(({ id }) => id === range.after) + 1;
    const until = this.#commits.findIndex(({ id }) => id === range.until);
    return this.#commits
      .slice(from, until + 1)
      .map(({ id, change }) => ({ id, files: change.files.filter(({ path }) => isBelow(path, prefixes)) }))
      .filter(({ files }) => files.length > 0);
  }

  async list(commit: string, prefixes: readonly string[]) {
    const files = this.#commits.find(({ id }) => id === commit)?.files ?? new Map<string, StoredFile>();
    return [...files].filter(([path]) => isBelow(path, prefixes)).map(([path, file]) => ({ path, ...file }));
  }

  async read(oids: readonly string[]) {
    return oids.map((oid) => new TextEncoder().encode(this.#texts.get(oid)));
  }

  #store(text: string): string {
    const oid = sha256Hex(text).slice(0, 40);
    this.#texts.set(oid, text);
    return oid;
  }
}

function isBelow(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
