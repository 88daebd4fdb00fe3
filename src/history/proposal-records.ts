import { PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { CommitChange, FileChange } from './commit-log.ts';
import type { BlobTexts } from './loaded-config.ts';
import { type MergedProposal, parseRollbackIds, type ReadProposal } from './merged-proposal.ts';

const META = 'proposal_meta.json';
const ROLLBACK = 'rollback.json';

/** Whether a path's text says something about promotions; everything else below the folder is only seen to change. */
export function isRecordText(path: string): boolean {
  const place = placeOf(path);
  return place !== null && (place.name === META || place.name === ROLLBACK);
}

/** What a commit did to the records of promotions. */
export interface RecordChange {
  readonly added: readonly MergedProposal[];
  /** Ids of the proposals that a `rollback.json` of this commit names. */
  readonly rolledBack: readonly string[];
  /** Changed or removed files of folders that stood before, by the folder's name. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
  /** Metadata that is none. */
  readonly unreadable: readonly string[];
}

/** The proposal folders of a history: which stand, and which of them nothing has carried out yet. */
export class ProposalRecords {
  readonly #texts: BlobTexts;
  readonly #readProposal: ReadProposal;
  readonly #open = new Map<string, { proposal: MergedProposal; onCarriedOut: (commit: string) => void }>();

  constructor(texts: BlobTexts, readProposal: ReadProposal) {
    this.#texts = texts;
    this.#readProposal = readProposal;
  }

  /** Proposals that no commit has carried out, newest first, as far as they are about some of these targets. */
  openFor(targets: ReadonlySet<string>): readonly MergedProposal[] {
    return [...this.#open.values()]
      .map(({ proposal }) => proposal)
      .filter(({ changes }) => changes.some(({ target }) => targets.has(target)))
      .sort((a, b) => (a.id > b.id ? -1 : 1));
  }

  /** Notes that nothing has carried out a proposal yet. */
  leaveOpen(proposal: MergedProposal, onCarriedOut: (commit: string) => void): void {
    this.#open.set(proposal.id, { proposal, onCarriedOut });
  }

  /** A commit carried a proposal out; that happens once. */
  close(id: string, commit: string): void {
    this.#open.get(id)?.onCarriedOut(commit);
    this.#open.delete(id);
  }

  /** Reads what a commit did below the folder of proposals. */
  read({ files }: CommitChange): RecordChange {
    const change = { added: [] as MergedProposal[], rolledBack: [] as string[], unreadable: [] as string[] };
    const touched = new Map<string, string[]>();
    for (const file of files) {
      const place = placeOf(file.path);
      if (place === null) continue;
      const isOpen = this.#open.has(place.folder);
      if (file.before !== null && !isOpen)
        touched.set(place.folder, [...(touched.get(place.folder) ?? []), file.path]);
      else if (place.name === META) this.#readMeta(file, place.folder, change);
      else if (place.name === ROLLBACK) change.rolledBack.push(...parseRollbackIds(this.#textOf(file) ?? ''));
    }
    return { ...change, touched };
  }

  #readMeta(
    file: FileChange,
    folder: string,
    change: { added: MergedProposal[]; unreadable: string[] },
  ): void {
    this.#open.delete(folder);
    if (file.after === null) return;
    const proposal = this.#readProposal(this.#textOf(file) ?? '', file.path);
    if (proposal?.id === folder) change.added.push(proposal);
    else change.unreadable.push(file.path);
  }

  #textOf({ after }: FileChange): string | null {
    return after?.mode.startsWith('100') === true ? (this.#texts.get(after.oid) ?? null) : null;
  }
}

const PREFIX = `${PROPOSALS_PATH}/`;

function placeOf(path: string): { readonly folder: string; readonly name: string } | null {
  const end = path.startsWith(PREFIX) ? path.indexOf('/', PREFIX.length) : -1;
  return end === -1 ? null : { folder: path.slice(PREFIX.length, end), name: path.slice(end + 1) };
}
