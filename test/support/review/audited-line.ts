import { openGitRepository } from '../../../src/adapters/git/index.ts';
import { type AuditReport, auditBranch } from '../../../src/cycles/audit.ts';
import { readRevision } from '../../../src/cycles/read-revision.ts';
import { type Instant, instantFromMs } from '../../../src/kernel/instant.ts';
import type { Result } from '../../../src/kernel/result.ts';
import {
  buildVerdictRecord,
  formatVerdictRecord,
  type MergeFacts,
  type VerdictRecord,
} from '../../../src/review/index.ts';
import { type GovernedRepo, PROMOTION } from './governed-repo.ts';
import { judgeChange } from './judge-change.ts';

const MINUTE_MS = 60_000;
let lines = 0;

/** A line of commits on top of a governed repository, as somebody with every right could push it. */
export class AuditedLine {
  readonly repo: GovernedRepo;
  readonly name: string;
  #pushes = 0;

  constructor(repo: GovernedRepo, from = 'main') {
    lines += 1;
    this.repo = repo;
    this.name = `line-${lines}`;
    repo.git('checkout', '--quiet', '--force', '-b', this.name, from);
    repo.git('clean', '-ffdq');
  }

  /** Pushes one commit; answers it. */
  push(change: (repo: GovernedRepo) => void): string {
    change(this.repo);
    this.#pushes += 1;
    // Lines of equal content would share commits, and so notes.
    return this.repo.commit(`push ${this.#pushes} onto ${this.name}`);
  }

  /** Merges a branch; answers the commit. */
  merge(branch: string = PROMOTION, shape: 'merge' | 'squash' = 'merge'): string {
    const { repo } = this;
    if (shape === 'merge') repo.git('merge', '--quiet', '--no-ff', '--no-edit', branch);
    else {
      repo.git('merge', '--quiet', '--squash', branch);
      repo.commit(`Something on ${this.name} (#7)`);
    }
    return repo.git('rev-parse', 'HEAD');
  }

  /** Writes a note as it is. */
  note(commit: string, text: string | Uint8Array): void {
    this.repo.write('.peak/note', text);
    const blob = this.repo.git('hash-object', '-w', '--no-filters', '.peak/note');
    this.repo.git('notes', '--ref=peak', 'add', '--force', '--reuse-message', blob, commit);
  }

  /** Writes the note that the judge writes after a merge, with what is said differently. */
  async judged(commit: string, overrides: Partial<VerdictRecord> = {}): Promise<void> {
    const { repo } = this;
    const [base = '', head = commit] = repo.git('log', '-1', '--format=%P', commit).split(' ');
    const verdict = await judgeChange(repo, { base, head });
    const facts: MergeFacts = {
      merge: commit,
      pullRequest: 12,
      mergedAt: verdict.time,
      approvals: [{ id: 1, login: 'alice' }],
    };
    const record = buildVerdictRecord(verdict, facts);
    this.note(commit, formatVerdictRecord({ ...record, ...overrides }));
  }

  audit(since: Instant | null = null): Promise<Result<AuditReport>> {
    return auditRef(this.repo, this.name, since);
  }

  /** `CODE`, `CODE noted` or `CODE acknowledged`, in the order of the line. */
  async codes(): Promise<readonly string[]> {
    const report = await this.audit();
    if (!report.ok) return report.problems.map(({ code }) => code);
    return report.value.deviations.map(({ code, isNoted, acknowledged }) =>
      isNoted ? `${code} noted` : acknowledged === null ? code : `${code} acknowledged`,
    );
  }
}

export async function auditRef(
  repo: GovernedRepo,
  base: string,
  since: Instant | null = null,
): Promise<Result<AuditReport>> {
  const git = await openGitRepository(repo.root);
  if (git === null) throw new Error('no repository');
  const head = await readRevision(git, '--base', base);
  if (!head.ok) return head;
  return auditBranch(git, { head: head.value, now: instantFromMs(repo.now + MINUTE_MS), since });
}
