import type { Derivation, Finding, PolicyKey, PromotionDecision } from '../governance/index.ts';
import { describeFinding, formatConfidence } from '../governance/index.ts';
import { AUTO_TOML_PATH, EVIDENCE_PATH } from '../kernel/governed-paths.ts';
import { formatInstant } from '../kernel/instant.ts';
import type { SourceLocation } from '../kernel/problem.ts';
import type { Parameter, Scalar } from '../kernel/scalar.ts';
import { REDACTED, shownValue } from '../kernel/secret.ts';
import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { ConfigPatch, Evidence } from '../learning/index.ts';
import { isLiveLikeEnvironment, type PeakConfig } from '../liveconfig/index.ts';
import { evidenceText } from './learn-report.ts';
import { formatPlace } from './problem-text.ts';
import { MAX_ROWS, moreRows } from './rows.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';

/** One target's way, as it is told. */
export interface ExplainedTarget {
  readonly target: string;
  /** Whether its values are never shown. */
  readonly hidden?: boolean;
  readonly base: Parameter | null;
  readonly live: Parameter | null;
  readonly patch: ConfigPatch | null;
  readonly decision: PromotionDecision | null;
  readonly findings: readonly {
    readonly finding: Finding;
    readonly key: PolicyKey | null;
    readonly place: SourceLocation | null;
  }[];
  readonly override: 'none' | 'applied' | 'ignored' | 'not_live_like' | 'switched_off';
}

export interface ExplanationView {
  readonly evidence: Evidence;
  readonly derivation: Derivation;
  readonly targets: readonly ExplainedTarget[];
  readonly session: PeakConfig;
}

export function explanationJson({ evidence, targets, session }: ExplanationView) {
  return {
    evidence: {
      files: evidence.table.files.length,
      recommended_changes: evidence.table.size,
      problems: evidence.problemCount,
    },
    session: {
      mode: session.mode,
      live_like: isLiveLikeEnvironment(session),
      applied: session.applied.length,
      digest: session.digest,
    },
    targets: targets.map(({ target, patch, decision, findings, override }) => ({
      target,
      patch_status: patch?.status ?? null,
      decision: decision?.status ?? null,
      lane: decision?.lane ?? null,
      override,
      evidence: patch?.sources ?? [],
      reasons: findings.map(({ finding, key, place }) => ({
        code: finding.code,
        reason: describeFinding(finding),
        policy_key: key?.join('.') ?? null,
        place: place === null ? null : formatPlace(place),
      })),
    })),
  };
}

export function explanationText(view: ExplanationView, style: Style): string {
  const pieces = view.targets.length === 1;
  return [
    evidenceLines(view.evidence, style),
    ...view.targets
      .slice(0, MAX_ROWS)
      .map((target) => targetText(target, { session: view.session, pieces }, style)),
    ...(view.targets.length > MAX_ROWS ? [moreRows(view.targets.length, style).trimStart()] : []),
    sessionText(view, style),
  ].join('\n\n');
}

function evidenceLines(evidence: Evidence, style: Style): string {
  const { table, problemCount, latestHealth } = evidence;
  const lines: string[] = [];
  if (table.files.length === 0) {
    lines.push(style.yellow(`No evidence: ${EVIDENCE_PATH} has no *.json or *.jsonl file.`));
    lines.push('Let your tools write there, or write a signal yourself: peak signal emit --help');
  } else if (table.size === 0) {
    lines.push(
      style.yellow(
        `${counted(table.files.length, 'evidence file')}, but none recommends a change that can be read (${counted(problemCount, 'problem')} below).`,
      ),
    );
  } else {
    lines.push(`${evidenceText(evidence)}.`);
  }
  if (latestHealth === null)
    lines.push(style.yellow('No test-health score: the auto lane is closed for everything.'));
  return lines.join('\n');
}

function targetText(
  explained: ExplainedTarget,
  { session, pieces }: { readonly session: PeakConfig; readonly pieces: boolean },
  style: Style,
): string {
  const { target, findings } = explained;
  const lines = [
    style.bold(target),
    `  ${patchLine(explained, style)}`,
    ...(pieces ? pieceLines(explained, style) : []),
  ];
  const decision = decisionLine(explained, style);
  if (decision !== null) lines.push(`  ${decision}`);
  for (const { finding, key, place } of findings) {
    lines.push(`    ${escapeTerminal(describeFinding(finding))}`);
    if (place !== null && key !== null)
      lines.push(`      ${style.dim(policyLine(finding, target, key, place))}`);
  }
  lines.push(`  ${overrideLine(explained, session)}`);
  return lines.join('\n');
}

/** What an operator who wants it otherwise would edit; with the consent that the policy asks for. */
const EDITS: Partial<Record<Finding['code'], (target: string) => string>> = {
  TARGET_NOT_LISTED: (target) => `to allow it, add "${target}"`,
  NO_BOUNDS: (target) => `to allow it, add [bounds."${target}"] with min, max and max_step`,
  OUT_OF_BOUNDS: () => 'to allow it, widen min or max',
  STEP_EXCEEDED: () => 'to allow it, raise max_step, or set [auto] on_step_exceeded = "clamp"',
  MODE_NOT_AUTO: () => 'to open the auto lane, set mode = "bounded_auto" without lock',
  KILLSWITCH: () => 'to propose again, set mode = "manual_only"',
};

function policyLine(finding: Finding, target: string, key: PolicyKey, place: SourceLocation): string {
  const edit = EDITS[finding.code]?.(target);
  return `decided by ${formatPlace(place)}  ${policyKeyText(key)}${edit === undefined ? '' : `: ${edit}`}`;
}

function patchLine(explained: ExplainedTarget, style: Style): string {
  const { patch, live, base } = explained;
  const now =
    live === null
      ? style.yellow('not in the base configuration')
      : `live value ${shownOf(explained, live.value, live)}`;
  if (patch === null) return `${now}; no evidence recommends a change`;
  const type = base === null || typeof patch.value !== 'number' ? undefined : { ...base, value: patch.value };
  const value = shownOf(explained, patch.value, type);
  const confidence =
    patch.confidence === null ? 'no confidence' : `confidence ${formatConfidence(patch.confidence)}`;
  const newest = patch.newest === null ? 'undated' : `newest ${formatInstant(patch.newest)}`;
  const pieces = counted(patch.evidenceCount, 'piece');
  const retired = patch.status === 'RETIRED' ? style.yellow(' – all of it has expired') : '';
  return `${now}; evidence recommends ${value} (${confidence}, ${pieces}, ${newest})${retired}`;
}

/** What each piece of evidence says by itself; what they say together stands above. */
function pieceLines({ patch, base }: ExplainedTarget, style: Style): readonly string[] {
  if (patch === null) return [];
  const lines = patch.sources.map(({ file, line, value, confidence }) => {
    const said =
      typeof value === 'number' && base !== null ? showScalar(value, { ...base, value }) : showScalar(value);
    const sure = confidence === null ? 'no confidence' : `confidence ${formatConfidence(confidence)}`;
    return `    ${said} (${sure})  ${style.dim(escapeTerminal(formatPlace({ file, line })))}`;
  });
  const rest = patch.evidenceCount - patch.sources.length;
  return rest > 0 ? [...lines, style.dim(`    … and ${rest} more`)] : lines;
}

/** A value of the target for a terminal, unless its values are never shown. */
function shownOf({ target, hidden = false }: ExplainedTarget, value: Scalar, parameter?: Parameter): string {
  return showScalar(hidden ? REDACTED : shownValue(target, value), parameter);
}

function decisionLine({ patch, decision }: ExplainedTarget, style: Style): string | null {
  if (decision === null) return patch?.status === 'PROMOTED' ? style.green('it is live already') : null;
  if (decision.lane === 'auto') return style.green('accepted for the auto lane: every guardrail holds');
  if (decision.lane === 'manual')
    return style.cyan('accepted for the manual lane; not in the auto lane because');
  return style.red(`${decision.status}, because`);
}

function overrideLine(explained: ExplainedTarget, session: PeakConfig): string {
  const { override, live } = explained;
  switch (override) {
    case 'none':
      return `${AUTO_TOML_PATH} does not set it`;
    case 'applied':
      return `${AUTO_TOML_PATH} sets it, and a session in mode "${escapeTerminal(session.mode ?? '')}" loads ${live === null ? 'it' : shownOf(explained, live.value, live)}`;
    case 'ignored':
      return `${AUTO_TOML_PATH} sets it, but a session ignores that (see the problems below)`;
    case 'switched_off':
      return `${AUTO_TOML_PATH} sets it, but overrides are switched off (PEAK_NO_OVERRIDES), so a session keeps the base value`;
    case 'not_live_like':
      return `${AUTO_TOML_PATH} sets it, but mode "${escapeTerminal(session.mode ?? '')}" is not live-like, so a session keeps the base value`;
  }
}

function sessionText({ session, targets }: ExplanationView, style: Style): string {
  const isOff = targets.some(({ override }) => override === 'switched_off');
  const mode =
    session.mode === null ? 'without environment.mode' : `in mode "${escapeTerminal(session.mode)}"`;
  const live = isLiveLikeEnvironment(session)
    ? `live-like: ${isOff ? 'overrides would apply, but are switched off' : 'overrides apply'}`
    : 'not live-like: overrides do not apply (--env live shows a live session)';
  return `A session ${mode} is ${live}; ${session.applied.length} applied, ${session.ignored.length} ignored.\n${style.dim(`configuration digest ${session.digest}`)}`;
}

function policyKeyText(key: PolicyKey): string {
  const [table = '', ...rest] = key;
  return rest.length === 0 ? `[${table}]` : `[${table}] ${rest.join('.')}`;
}
