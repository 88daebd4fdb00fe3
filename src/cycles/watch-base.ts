import { AppError } from '../kernel/app-error.ts';
import { DAY_MS, type Instant, instantFromMs } from '../kernel/instant.ts';
import { openDeviations } from '../reports/audit-report.ts';
import { buildAuditIssue } from '../review/index.ts';
import { auditBranch } from './audit.ts';
import type { JudgeDesk } from './judge-desk.ts';
import { raiseIssue } from './raise-issue.ts';

/**
 * Audits the default branch and raises one issue about what nothing explains (judge.md §6). Answers how many deviations are open. A tip
 * that has been found explained is not audited again; verdicts have to be noted before.
 */
export async function watchBase(desk: JudgeDesk): Promise<number> {
  const { memory, mirror, access } = desk;
  const { defaultBranch } = await memory.repository.of('', () => access.repository());
  const base = await mirror.syncBase(defaultBranch);
  const notes = await mirror.syncNotes();
  if (base === null) return 0;
  return memory.open.of(`${base.tip} ${notes}`, async () => {
    const since = memory.explained.at === null ? null : instantFromMs(memory.explained.at - DAY_MS);
    const git = { ...mirror.repository, ...mirror.records };
    const report = await auditBranch(git, { head: base.tip, now: desk.clock(), since });
    if (!report.ok) {
      // A branch that has never had a policy is governed by nobody.
      if (report.problems.every(({ code }) => code === 'POLICY_MISSING')) return 0;
      throw new AppError(
        'GIT_FAILED',
        `the audit failed: ${report.problems.map(({ code }) => code).join(', ')}`,
      );
    }
    const open = openDeviations(report.value);
    if (open.length === 0) memory.explained.at = await latestOn(desk, base.tip);
    if (open.length > 0) await raiseIssue(desk, { name: 'audit', ...buildAuditIssue(open) });
    return open.length;
  });
}

/** What comes onto a line later is placed no earlier (`placeInTime`), whatever its commits say; by our own clock it could be. */
async function latestOn({ mirror, clock }: JudgeDesk, tip: string): Promise<Instant | null> {
  const now = clock();
  const { commits } = await mirror.repository.firstParents(tip);
  return commits.reduce<Instant | null>(
    (latest, { claimed }) => (claimed <= now && claimed > (latest ?? 0) ? claimed : latest),
    null,
  );
}
