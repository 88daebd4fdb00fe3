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
import { targetHint } from './target-hint.ts';
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
  const known = knownTargets(report.value, session);
  const isKnown = (name: string) => known.has(name) || report.value.gathered.parameters.has(name);
  if (target !== null && !isKnown(target)) {
    const otherwise =
      'neither the base configuration nor the evidence names it; peak signals lists the evidence';
    const hint = targetHint(target, [...known.keys(), ...report.value.gathered.parameters.keys()], otherwise);
    return fail(problem('NOT_FOUND', { what: 'target', id: target, hint }));
  }
  const wanted = target === null ? [...known.keys()].sort() : [target];
  const locate = policyLocator(report.value.gathered);
  return ok({
    report: report.value,
    targets: wanted.map((name) =>
      explainTarget(name, known.get(name) ?? UNKNOWN, { report: report.value, session, locate }),
    ),
  });
}

/** What is said about one target; there can be a hundred thousand, so each is looked up once. */
interface Known {
  readonly patch: ConfigPatch | null;
  readonly decision: PromotionDecision | null;
  readonly override: 'applied' | 'ignored' | 'left' | null;
}

const UNKNOWN: Known = { patch: null, decision: null, override: null };

/** Every target that the evidence or `auto.toml` names. */
function knownTargets(
  { gathered, derivation }: PromoteReport,
  session: PeakConfig,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  const add = (target: string, part: Partial<Known>): void =>
    void known.set(target, { ...(known.get(target) ?? UNKNOWN), ...part });
  for (const patch of derivation.patches) add(patch.target, { patch });
  for (const decision of derivation.decisions) add(decision.candidate.patch.target, { decision });
  const overrides = gathered.autoToml?.overrides ?? new Map<string, unknown>();
  for (const target of overrides.keys()) add(target, { override: 'left' });
  for (const { target } of session.ignored) if (overrides.has(target)) add(target, { override: 'ignored' });
  for (const { target } of session.applied) if (overrides.has(target)) add(target, { override: 'applied' });
  return known;
}

interface Circumstances {
  readonly report: PromoteReport;
  readonly session: PeakConfig;
  readonly locate: (finding: Finding, target: string) => ExplainedFinding;
}

function explainTarget(
  target: string,
  { patch, decision, override }: Known,
  { report: { gathered }, session, locate }: Circumstances,
): TargetExplanation {
  const findings = (decision?.findings ?? []).filter(({ effect }) => effect !== 'note');
  return {
    target,
    hidden: isNeverTarget(target, gathered.policy),
    base: gathered.parameters.get(target) ?? null,
    live: gathered.live.get(target) ?? null,
    patch,
    decision,
    findings: findings.map((finding) => locate(finding, target)),
    override: overrideState(override, session),
  };
}

/** Names the key of the policy that decides, and its line; the text is searched once for each key. */
function policyLocator({ policy, policyText }: PromoteReport['gathered']): Circumstances['locate'] {
  const places = new Map<string, SourceLocation>();
  return (finding, target) => {
    const key = policyKeyOf(finding.code, target, policy);
    if (key === null) return { finding, key, place: null };
    const name = JSON.stringify(key);
    const place = places.get(name) ?? { file: policyText.file, ...locatePolicyKey(policyText.text, key) };
    places.set(name, place);
    return { finding, key, place };
  };
}

function overrideState(override: Known['override'], session: PeakConfig): TargetExplanation['override'] {
  if (override === null) return 'none';
  if (override !== 'left') return override;
  return isLiveLikeEnvironment(session) ? 'switched_off' : 'not_live_like';
}
