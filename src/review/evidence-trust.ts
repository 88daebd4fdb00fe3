import type { CommitChange } from '../history/index.ts';
import { EVIDENCE_PATH } from '../kernel/governed-paths.ts';

/** The first-parent line of a base branch, as far as evidence is concerned. */
export interface EvidenceLine {
  /** What each commit changed against the one before it, from the root to the tip, evidence at least. */
  readonly commits: readonly CommitChange[];
  /** Every commit of the line, from the root to the tip. */
  readonly ids: readonly string[];
  /** The commit that added the first policy (judge.md §6); null for none. */
  readonly genesis: string | null;
  /**
   * Commit → class of the judge's record of it. Only records that say success, fit the commit and its time, and that the judge itself
   * wrote: who may write refs may write notes, so a note alone is nobody's word (docs/adr/0016).
   */
  readonly vouched: ReadonlyMap<string, string>;
  /** Commits that an acknowledgement on the base names (`reports/audit/`, class policy). */
  readonly acknowledged: ReadonlySet<string>;
}

/** An evidence file of the base that nobody vouches for, and the commit that gave it its present content. */
export interface UntrustedEvidence {
  readonly path: string;
  readonly commit: string;
}

/** Classes that judge evidence; a success of any other class says nothing about what it carries. */
const JUDGING_CLASSES: readonly string[] = ['evidence', 'promotion'];

/**
 * Evidence of the base that did not enter it as judge.md §3 demands, sorted by path. A file counts as entered by the last commit that
 * touched it: by a vouched merge of a class that judges evidence; up to a genesis that is vouched for itself, because whoever approved
 * the first policy approved it with all that stood there; or by a commit that people have acknowledged since.
 */
export function findUntrustedEvidence(line: EvidenceLine): readonly UntrustedEvidence[] {
  const early = new Set(beforeGenesis(line));
  const isTrusted = (commit: string): boolean =>
    early.has(commit) ||
    line.acknowledged.has(commit) ||
    JUDGING_CLASSES.includes(line.vouched.get(commit) ?? '');
  return [...latestWriters(line.commits)]
    .filter(([, commit]) => !isTrusted(commit))
    .map(([path, commit]) => ({ path, commit }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A line that was written anew has another genesis, which nobody has vouched for: else all evidence could be put before it. */
function beforeGenesis({ genesis, ids, vouched, acknowledged }: EvidenceLine): readonly string[] {
  if (genesis === null) return [];
  const isVouched = vouched.get(genesis) === 'first_policy' || acknowledged.has(genesis);
  return isVouched ? ids.slice(0, ids.indexOf(genesis) + 1) : [];
}

/** Whether all evidence of a base is trusted (judge.md §4.4); null where its line is not known from the root on. */
export function isEvidenceTrusted(line: EvidenceLine | null): boolean | null {
  return line === null ? null : findUntrustedEvidence(line).length === 0;
}

/** Evidence file of the tip → the commit that gave it its content; a file that was taken away needs nobody's word. */
function latestWriters(commits: readonly CommitChange[]): ReadonlyMap<string, string> {
  const writers = new Map<string, string>();
  for (const { id, files } of commits)
    for (const { path, after } of files) {
      if (!path.startsWith(`${EVIDENCE_PATH}/`)) continue;
      if (after === null) writers.delete(path);
      else writers.set(path, id);
    }
  return writers;
}
