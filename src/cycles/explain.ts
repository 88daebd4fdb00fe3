import {
  type Finding,
  type HistoryView,
  isNeverTarget,
  locatePolicyKey,
  type PolicyKey,
  type PromotionDecision,
  policyKeyOf,
} from '../governance/index.ts';
import { problem, type SourceLocation } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Parameter } from '../kernel/scalar.ts';
import type { ConfigPatch } from '../learning/index.ts';
import { isLiveLikeEnvironment, type PeakConfig } from '../liveconfig/index.ts';
import type { GatherOptions } from './gather.ts';
import { type PromoteReport, promoteCycle } from './promote.ts';
import type { WorkTree } from './work-tree-port.ts';

/** Why a finding was made, and the line of the policy that decides it. */
export interface ExplainedFinding {
  readonly finding: Finding;
  readonly key: PolicyKey | null;
  readonly place: SourceLocation | null;
}

/** The way of one target from the evidence to a session. */
export interface TargetExplanation {
  readonly target: string;
  /** Whether its values are never shown. */
  readonly hidden: boolean;
  readonly base: Parameter | null;
  readonly live: Parameter | null;
  readonly patch: ConfigPatch | null;
  readonly decision: PromotionDecision | null;
  readonly findings: readonly ExplainedFinding[];
  /** Whether `auto.toml` sets it, and what a session in the given mode makes of that. */
  readonly override: 'none' | 'applied' | 'ignored' | 'not_live_like' | 'switched_off';
}

export interface Explanation {
  readonly report: PromoteReport;
  readonly targets: readonly TargetExplanation[];
}

/** Explains one target, or every target that the evidence or `auto.toml` names. Writes nothing. */
export function explain(
  workTree: WorkTree,
  options: GatherOptions & { readonly history: HistoryView | null },
  session: PeakConfig,
  target: string | null,
): Result<Explanation> {
  const report = promoteCycle(workTree, {
    ...options,
    requestedMode: null,
    baseCommit: null,
    dryRun: true,
    writeOverride: false,
  });
  if (!report.ok) return report;
  const { gathered, derivation } = report.value;
  const known = new Set([
    ...derivation.patches.map((patch) => patch.target),
    ...(gathered.autoToml?.overrides.keys() ?? []),
  ]);
  if (target !== null && !known.has(target) && !gathered.parameters.has(target)) {
    const hint = 'neither the base configuration nor the evidence names it; peak signals lists the evidence';
    return fail(problem('NOT_FOUND', { what: 'target', id: target, hint }));
  }
  const wanted = target === null ? [...known].sort() : [target];
  return ok({
    report: report.value,
    targets: wanted.map((name) => explainTarget(name, report.value, session)),
  });
}

function explainTarget(
  target: string,
  { gathered, derivation }: PromoteReport,
  session: PeakConfig,
): TargetExplanation {
  const decision = derivation.decisions.find(({ candidate }) => candidate.patch.target === target) ?? null;
  const findings = (decision?.findings ?? []).filter(({ effect }) => effect !== 'note');
  return {
    target,
    hidden: isNeverTarget(target, gathered.policy),
    base: gathered.parameters.get(target) ?? null,
    live: gathered.live.get(target) ?? null,
    patch: derivation.patches.find((patch) => patch.target === target) ?? null,
    decision,
    findings: findings.map((finding) => locate(finding, target, gathered)),
    override: overrideState(target, gathered, session),
  };
}

function locate(
  finding: Finding,
  target: string,
  { policy, policyText }: PromoteReport['gathered'],
): ExplainedFinding {
  const key = policyKeyOf(finding.code, target, policy);
  const position = key === null ? undefined : locatePolicyKey(policyText.text, key);
  return { finding, key, place: key === null ? null : { file: policyText.file, ...position } };
}

function overrideState(
  target: string,
  { autoToml }: PromoteReport['gathered'],
  session: PeakConfig,
): TargetExplanation['override'] {
  if (autoToml?.overrides.has(target) !== true) return 'none';
  if (session.applied.some((applied) => applied.target === target)) return 'applied';
  if (session.ignored.some((ignored) => ignored.target === target)) return 'ignored';
  return isLiveLikeEnvironment(session) ? 'switched_off' : 'not_live_like';
}
