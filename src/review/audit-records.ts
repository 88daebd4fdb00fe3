import type { FileChange, HistoryEvent } from '../history/index.ts';
import { DECISIONS_PATH, EVIDENCE_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import { type AuditedCommit, deviate } from './audited-commit.ts';
import type { Deviation } from './deviation.ts';

/**
 * What is only ever added has only been added: evidence, decisions, and proposal folders once they stand. A rollback may take away what the
 * promotion that it undoes had added; other deletions need a verdict (`vouched`).
 */
export function auditRecords(
  commits: readonly AuditedCommit[],
  vouched: ReadonlySet<string>,
): readonly Deviation[] {
  const places = new Places();
  return commits.flatMap((commit) => {
    const undone = undoneMerges(commit, places);
    const faults = commit.files.flatMap((file) => faultsOf(file, commit, places));
    const told = faults.filter(({ path, code }) => {
      const isGone = code === 'EVIDENCE_DELETED';
      return !(isGone && (vouched.has(commit.id) || undone.has(places.addedBy.get(path) ?? '')));
    });
    places.take(commit);
    return (['EVIDENCE_CHANGED', 'EVIDENCE_DELETED', 'RECORD_CHANGED'] as const).flatMap((code) => {
      const files = told.filter((fault) => fault.code === code).map(({ path }) => path);
      return files.length === 0 ? [] : [deviate(commit, code, { files })];
    });
  });
}

interface RecordFault {
  readonly path: string;
  readonly code: 'EVIDENCE_CHANGED' | 'EVIDENCE_DELETED' | 'RECORD_CHANGED';
}

function faultsOf({ path, before, after }: FileChange, { id }: AuditedCommit, places: Places): RecordFault[] {
  if (path.startsWith(`${EVIDENCE_PATH}/`) || path.startsWith(`${DECISIONS_PATH}/`)) {
    if (before === null) return [];
    return [{ path, code: after === null ? 'EVIDENCE_DELETED' : 'EVIDENCE_CHANGED' }];
  }
  const folder = folderOf(path);
  // Changed and removed files are events of the history (`UNEXPLAINED`), which knows what a rollback may remove.
  const isLate = folder !== null && before === null && (places.folders.get(folder)?.commit ?? id) !== id;
  return isLate ? [{ path, code: 'RECORD_CHANGED' }] : [];
}

/** Commits that added what this one takes back. */
function undoneMerges({ events }: AuditedCommit, places: Places): ReadonlySet<string> {
  const ids = events.flatMap((event) =>
    event.kind === 'rollback' ? event.undone.map(({ proposalId }) => proposalId) : [],
  );
  return new Set(ids.flatMap((id) => (id === null ? [] : (places.promotions.get(id) ?? []))));
}

/** What stands where while a line is walked. */
class Places {
  /** Evidence → the commit that added it. */
  readonly addedBy = new Map<string, string>();
  /** Proposal folder → the commit that added it, and how many files it has. */
  readonly folders = new Map<string, { commit: string; files: number }>();
  /** Proposal → the commit that promoted it. */
  readonly promotions = new Map<string, string>();

  take({ id, files, events }: AuditedCommit): void {
    for (const { path, before, after } of files) {
      if (before === null) this.addedBy.set(path, id);
      const folder = folderOf(path);
      if (folder === null) continue;
      const known = this.folders.get(folder) ?? { commit: id, files: 0 };
      known.files += Number(after !== null) - Number(before !== null);
      if (known.files > 0) this.folders.set(folder, known);
      else this.folders.delete(folder);
    }
    for (const proposal of events.flatMap(proposalsOf)) this.promotions.set(proposal, id);
  }
}

function proposalsOf(event: HistoryEvent): readonly string[] {
  return event.kind === 'promotion' ? event.proposals.map(({ id }) => id) : [];
}

function folderOf(path: string): string | null {
  const [reports, promotions, folder, ...rest] = path.split('/');
  return `${reports}/${promotions}` === PROPOSALS_PATH && rest.length > 0 ? (folder ?? null) : null;
}
