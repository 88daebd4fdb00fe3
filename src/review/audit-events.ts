import { parsePolicy } from '../governance/index.ts';
import type { HistoryEvent, LiveChange } from '../history/index.ts';
import { POLICY_PATH, PROPOSALS_PATH } from '../kernel/governed-paths.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { type AuditedCommit, deviate } from './audited-commit.ts';
import type { Deviation } from './deviation.ts';
import { diffPolicies } from './policy-diff.ts';
import { shownParameter } from './shown-parameter.ts';

/**
 * What the events of a line leave open: values that nothing explains, also where a later commit settled them (sessions could load them),
 * and what only people can vouch for: a looser policy, live values edited by hand. That is only noted where no verdict says it.
 */
export function auditEvents(
  commits: readonly AuditedCommit[],
  vouched: ReadonlySet<string>,
): readonly Deviation[] {
  return commits.flatMap((commit) =>
    commit.events.flatMap((event) => {
      if (event.kind === 'unexplained') return [auditUnexplained(commit, event)];
      if (event.kind === 'policy') return auditPolicy(commit, vouched);
      if (event.kind === 'configuration' && !vouched.has(commit.id))
        return auditConfiguration(commit, event.changes);
      return [];
    }),
  );
}

type Unexplained = Extract<HistoryEvent, { kind: 'unexplained' }>;

function auditUnexplained(commit: AuditedCommit, event: Unexplained): Deviation {
  const { files, settledBy } = event;
  const isRecord = event.changes.length === 0 && files.every((file) => file.startsWith(`${PROPOSALS_PATH}/`));
  if (isRecord && settledBy === null) return deviate(commit, 'RECORD_CHANGED', { files });
  return settledBy === null
    ? deviate(commit, 'UNEXPLAINED', { files })
    : deviate(commit, 'UNEXPLAINED_SETTLED', { files, observed: settledBy.slice(0, 12) });
}

function auditPolicy(commit: AuditedCommit, vouched: ReadonlySet<string>): readonly Deviation[] {
  const { before, after } = commit.policy;
  const files = [POLICY_PATH];
  if (after === null) return [deviate(commit, 'POLICY_REMOVED', { files })];
  const next = parsePolicy(after);
  if (!next.ok) return [deviate(commit, 'POLICY_UNREADABLE', { files })];
  const old = parsePolicy(before);
  if (!old.ok || vouched.has(commit.id)) return [];
  const looser = diffPolicies(old.value, next.value).filter(({ direction }) => direction === 'looser');
  if (looser.length === 0) return [];
  const observed = looser.map(({ key, before: from, after: to }) => `${key} ${from} → ${to}`).join('; ');
  return [deviate(commit, 'UNJUDGED_LOOSENING', { files, observed, isNoted: true })];
}

function auditConfiguration(commit: AuditedCommit, changes: readonly LiveChange[]): readonly Deviation[] {
  const policy = parsePolicy(commit.policy.before);
  const shown = (target: string, parameter: Parameter | null) =>
    shownParameter(target, parameter ?? undefined, policy.ok ? policy.value : null);
  // A parameter that comes into being changes no value that was live.
  const observed = changes
    .filter(({ before }) => before !== null)
    .map(({ target, before, after }) => `${target} ${shown(target, before)} → ${shown(target, after)}`);
  if (observed.length === 0) return [];
  return [deviate(commit, 'UNJUDGED_CHANGE', { observed: observed.join('; '), isNoted: true })];
}
