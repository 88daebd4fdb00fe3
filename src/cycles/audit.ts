import { type HistoryEvent, readHistory } from '../history/index.ts';
import { AUDIT_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import {
  auditEvents,
  auditLive,
  auditRecords,
  auditVerdicts,
  type Deviation,
  parseAuditAck,
} from '../review/index.ts';
import { type AuditedLine, type AuditRepository, readAuditedLine } from './audit-line.ts';
import { auditPromotions, type PromotionAudit } from './audit-promotions.ts';
import { readCommitted } from './committed-files.ts';
import { readMergedProposal } from './read-merged-proposal.ts';

/** Which line to audit. */
export interface AuditRequest {
  /** The tip of the branch, a full id. */
  readonly head: string;
  readonly now: Instant;
  /** Deviations from then on are told, and promotions from then on derived again; null: all. */
  readonly since: Instant | null;
}

/** A deviation, by whom it says it is, and what operators say about it. */
export interface AuditedDeviation extends Deviation {
  /** As the commit says; proof of nothing. */
  readonly author: string;
  /** The reason of an acknowledgement that covers it; null for none. */
  readonly acknowledged: string | null;
}

/** The answer about a whole line. */
export interface AuditReport {
  readonly base: string;
  /** The commit that added the policy; what came before was governed by nobody. */
  readonly genesis: string;
  readonly since: Instant | null;
  /** In the order of the line. */
  readonly deviations: readonly AuditedDeviation[];
  readonly counts: {
    /** Commits from the genesis on. */
    readonly commits: number;
    readonly events: Readonly<Record<HistoryEvent['kind'], number>>;
    /** Promotions that were derived again, and those that are what both loops give. */
    readonly rebuilt: number;
    readonly authentic: number;
    readonly verdicts: number;
  };
  /** The first commit with a verdict record; null: nothing has been judged on GitHub. */
  readonly verdictsSince: string | null;
}

/**
 * Explains every state of the governed files on a branch's first-parent history, or names it (product.md §7). Fails where the clone does
 * not hold all of it (HISTORY_TOO_SHALLOW), or where the branch has never had a policy (POLICY_MISSING).
 */
export async function auditBranch(
  git: AuditRepository,
  { head, now, since }: AuditRequest,
): Promise<Result<AuditReport>> {
  const history = await readHistory(git, { head, now, since: null, readProposal: readMergedProposal });
  if (!history.ok) return history;
  const line = await readAuditedLine(git, { head, now, history: history.value });
  if (line === null) return fail(problem('POLICY_MISSING', {}, { file: POLICY_PATH }));
  const isAsked = ({ time }: { readonly time: Instant }) => since === null || time >= since;
  const verdicts = auditVerdicts(line.commits);
  const promotions = await auditPromotions(git, line.commits.filter(isAsked), line.positions);
  const deviations = [
    ...verdicts.deviations,
    ...auditEvents(line.commits, verdicts.vouched),
    ...auditRecords(line.commits, verdicts.vouched),
    ...auditLive(line.steps, line.textOf),
    ...promotions.deviations,
  ].filter(isAsked);
  const told = await tell(git, head, { deviations, positions: line.positions });
  const report: AuditReport = {
    base: head,
    genesis: line.genesis,
    since,
    deviations: told.deviations,
    counts: countsOf(line, promotions, verdicts.records),
    verdictsSince: verdicts.since,
  };
  return ok(report, [...history.problems, ...told.problems]);
}

function countsOf(
  { commits, length }: AuditedLine,
  { promotions, authentic }: PromotionAudit,
  verdicts: number,
): AuditReport['counts'] {
  const events = { promotion: 0, rollback: 0, policy: 0, configuration: 0, unexplained: 0 };
  for (const { kind } of commits.flatMap((commit) => commit.events)) events[kind] += 1;
  return { commits: length, events, rebuilt: promotions, authentic, verdicts };
}

interface Untold {
  readonly deviations: readonly Deviation[];
  readonly positions: ReadonlyMap<string, number>;
}

interface Told {
  readonly deviations: readonly AuditedDeviation[];
  readonly problems: readonly Problem[];
}

/** Adds who, and what operators say about it, and puts all in the order of the line. */
async function tell(git: AuditRepository, head: string, { deviations, positions }: Untold): Promise<Told> {
  const claims = await git.claims([...new Set(deviations.map(({ commit }) => commit))]);
  const { acknowledged, problems } = await readAcknowledged(git, head);
  const told = deviations.map((deviation) => ({
    ...deviation,
    author: claims.get(deviation.commit)?.author ?? '',
    acknowledged: acknowledged.get(`${deviation.commit} ${deviation.code}`) ?? null,
  }));
  const place = ({ commit }: Deviation) => positions.get(commit) ?? 0;
  return { deviations: told.sort((a, b) => place(a) - place(b)), problems };
}

/** What the tip acknowledges: `commit code` → the reason. A file that cannot be read acknowledges nothing, and is a warning. */
async function readAcknowledged(git: AuditRepository, head: string) {
  const { texts, problems } = await readCommitted(git, head, [AUDIT_PATH], (path) => path.endsWith('.json'));
  const acknowledged = new Map<string, string>();
  const faults = [...problems];
  for (const [path, text] of texts) {
    const parsed = parseAuditAck(text, path);
    faults.push(...parsed.problems);
    if (!parsed.ok) continue;
    const { commit, deviations, reason } = parsed.value;
    for (const code of deviations) acknowledged.set(`${commit} ${code}`, reason);
  }
  return { acknowledged, problems: faults.map((fault): Problem => ({ ...fault, severity: 'warning' })) };
}
