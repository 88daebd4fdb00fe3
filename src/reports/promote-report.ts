import {
  type Derivation,
  describeFinding,
  type EffectiveMode,
  formatConfidence,
  type PromotionDecision,
  toPatchRecords,
} from '../governance/index.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { Evidence } from '../learning/index.ts';
import { describeState, evidenceJson, evidenceText } from './learn-report.ts';
import { lineDiff } from './line-diff.ts';
import { MAX_ROWS, moreRows } from './rows.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** A proposal as people look for it. */
export interface ProposalView {
  readonly id: string;
  readonly lane: string;
  readonly path: string;
  readonly state: string;
  readonly changeSetDigest: string;
  readonly changes: number;
}

/** What the promotion loop found and wrote. */
export interface PromoteView {
  readonly evidence: Evidence;
  readonly mode: EffectiveMode;
  readonly derivation: Derivation;
  readonly proposals: readonly ProposalView[];
  /** `learning.override.toml`; null where a command does not write it. */
  readonly offline: { readonly path: string; readonly overrides: number; readonly state: string } | null;
  readonly autoToml: {
    readonly path: string;
    readonly before: string;
    readonly after: string;
    readonly state: string;
  } | null;
}

export function promoteJson({ evidence, mode, derivation, proposals, offline, autoToml }: PromoteView) {
  return {
    mode: mode.mode,
    degraded_by_lock: mode.degradedByLock,
    evidence: evidenceJson(evidence),
    funnel: funnelOf(derivation),
    proposals: proposals.map(({ changeSetDigest, ...rest }) => ({
      ...rest,
      change_set_digest: changeSetDigest,
    })),
    learning_override: offline,
    auto_toml: autoToml === null ? null : { path: autoToml.path, state: autoToml.state },
    patches: [...toPatchRecords(derivation.patches, derivation.decisions)],
  };
}

/** How many were left after each stage. */
function funnelOf({ patches, decisions, proposals }: Derivation) {
  const count = (test: (decision: PromotionDecision) => boolean) => decisions.filter(test).length;
  return {
    patches: patches.length,
    candidates: decisions.length,
    auto: count(({ lane }) => lane === 'auto'),
    manual: count(({ lane }) => lane === 'manual'),
    pending: count(({ status }) => status === 'PENDING'),
    rejected: count(({ status }) => status.startsWith('REJECTED')),
    proposals: proposals.length,
  };
}

export function promoteText(view: PromoteView, style: Style): string {
  const { derivation, mode, autoToml } = view;
  const blocks = [funnelText(view, style)];
  if (mode.degradedByLock)
    blocks.push(style.yellow('The policy is LOCKED: bounded_auto is degraded to manual_only.'));
  if (mode.mode === 'disabled')
    blocks.push(
      style.red('The mode is disabled (killswitch): nothing is proposed, and nothing was written.'),
    );
  if (derivation.decisions.length > 0) blocks.push(decisionTable(derivation.decisions, style));
  if (view.proposals.length > 0)
    blocks.push(view.proposals.map((proposal) => proposalLine(proposal, style)).join('\n'));
  else if (derivation.proposals.length === 0 && mode.mode !== 'disabled')
    blocks.push('Nothing to propose. peak why says what is missing.');
  if (autoToml !== null && autoToml.before !== autoToml.after) {
    blocks.push(
      `${autoToml.path} (${describeState(autoToml.state)})\n${lineDiff(autoToml.before, autoToml.after, style)}`,
    );
  }
  return blocks.join('\n\n');
}

function funnelText({ evidence, mode, derivation, offline }: PromoteView, style: Style): string {
  const funnel = funnelOf(derivation);
  return formatFacts(
    [
      ['Mode', mode.mode],
      ['Evidence', evidenceText(evidence)],
      ['Patches', `${funnel.patches}, of which ${funnel.candidates} are candidates`],
      ['Accepted', `${funnel.auto} for the auto lane, ${funnel.manual} for the manual lane`],
      ['Not proposed', `${funnel.pending} pending, ${funnel.rejected} rejected`],
      ...(offline === null ? [] : [['Offline', offlineText(offline)] as const]),
    ],
    style,
  );
}

/** `7 overrides in config/auto/learning.override.toml (written)`. */
function offlineText({ path, overrides, state }: NonNullable<PromoteView['offline']>): string {
  return `${counted(overrides, 'override')} in ${path} (${describeState(state)})`;
}

function decisionTable(decisions: readonly PromotionDecision[], style: Style): string {
  const ordered = [...decisions].sort((a, b) => rank(a) - rank(b));
  const shared = sharedReasons(decisions);
  const shown = ordered.slice(0, MAX_ROWS);
  const rows = shown.map((decision) => {
    const { patch } = decision.candidate;
    return [
      patch.target,
      decision.live === null || patch.redacted ? '' : showScalar(decision.live.value, decision.live),
      showScalar(decision.planned, parameterOf(decision)),
      patch.confidence === null ? '' : formatConfidence(patch.confidence),
      verdict(decision, style),
    ];
  });
  const [head, ...lines] = formatTable(
    ['target', 'live', 'proposed', 'confidence', 'decision'],
    rows,
    style,
  ).split('\n');
  // Below its row: beside it, a reason reaches beyond every terminal.
  const table = shown.flatMap((decision, i) => [lines[i], ...reasonLines(decision, shared, style)]);
  const note =
    shared.length === 0
      ? ''
      : `\n${style.dim(`every change of the manual lane: ${escapeTerminal(shared.join('; '))}`)}`;
  return [head, ...table].join('\n') + moreRows(decisions.length, style) + note;
}

function reasonLines(
  decision: PromotionDecision,
  shared: readonly string[],
  style: Style,
): readonly string[] {
  return strongestReasons(decision)
    .filter((reason) => decision.lane === null || !shared.includes(reason))
    .map((reason) => style.dim(`    ${escapeTerminal(reason)}`));
}

/** Reasons that keep every accepted change out of the auto lane: told once, not in each row. */
function sharedReasons(decisions: readonly PromotionDecision[]): readonly string[] {
  const [first, ...rest] = decisions.filter(({ lane }) => lane === 'manual');
  if (first === undefined) return [];
  return strongestReasons(first).filter((reason) =>
    rest.every((decision) => strongestReasons(decision).includes(reason)),
  );
}

function parameterOf({ live, planned }: PromotionDecision): Parameter | undefined {
  return live === null || typeof planned !== 'number' ? undefined : { type: live.type, value: planned };
}

function verdict({ status, lane }: PromotionDecision, style: Style): string {
  if (lane === 'auto') return style.green('auto lane');
  if (lane === 'manual') return style.cyan('manual lane');
  return status === 'PENDING'
    ? style.yellow('pending')
    : style.red(status === 'REJECTED_BY_POLICY' ? 'rejected by policy' : 'rejected by sanity check');
}

/** The words of the findings that decide; all of them stand in the artifacts. */
function strongestReasons({ findings }: PromotionDecision): readonly string[] {
  const effects = ['reject_policy', 'reject_sanity', 'pending', 'manual_only'];
  const strongest = effects.find((effect) => findings.some((finding) => finding.effect === effect));
  return findings.filter(({ effect }) => effect === strongest).map(describeFinding);
}

function rank({ lane, status }: PromotionDecision): number {
  if (lane !== null) return lane === 'auto' ? 0 : 1;
  return status === 'PENDING' ? 2 : 3;
}

function proposalLine({ id, lane, path, state, changes }: ProposalView, style: Style): string {
  const what =
    {
      written: 'written',
      kept: 'kept: an equal change set has this folder already',
      dry_run: 'not written: dry run',
    }[state] ?? state;
  return `${style.bold(escapeTerminal(id))} (${lane} lane, ${counted(changes, 'change')}; ${what})\n  ${style.dim(escapeTerminal(`${path}/OPERATOR_CHECKLIST.md`))}`;
}
