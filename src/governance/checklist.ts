import { distance, formatDecimal } from '../kernel/decimal.ts';
import { formatInstant } from '../kernel/instant.ts';
import { formatScalar, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import { escapeMarkdown, markdownCode, markdownLineCode } from '../kernel/text/escape-markdown.ts';
import type { ConfigPatch, PatchSource } from '../learning/index.ts';
import { boundsOf } from './bounds-of.ts';
import type { Change } from './change-set.ts';
import { formatTasks, tasksOf } from './checklist-tasks.ts';
import type { PromotionDecision } from './decide.ts';
import { areSame, describeFinding, type Finding, type FindingCode } from './finding.ts';
import { formatConfidence } from './format-confidence.ts';
import type { AutoApplyPolicy } from './policy-schema.ts';
import type { PromotionProposal } from './proposal.ts';

/** Sections per change and rows of what was not proposed; more are pointed to, not shown (GitHub renders up to 512 kB). */
const MAX_DETAILED_CHANGES = 200;
const MAX_ROWS = 200;

/** `OPERATOR_CHECKLIST.md`: what would change, which guardrails hold, what to tick, how to decide, and every reason. */
export function formatChecklist(proposal: PromotionProposal, policy: AutoApplyPolicy): string {
  const accepted = proposal.decisions.filter(({ lane }) => lane === proposal.lane).sort(byTarget);
  const detailed = accepted.slice(0, MAX_DETAILED_CHANGES);
  const shared = sharedFindings(accepted);
  return `${[
    `# Live promotion proposal ${proposal.proposalId}`,
    `**${proposal.lane === 'auto' ? 'Auto lane' : 'Manual lane'}.** ${proposal.description} Merging makes it live; reverting the merge takes it back.`,
    '## Summary',
    summaryTable(proposal),
    changesTable(proposal.changes.slice(0, MAX_DETAILED_CHANGES), detailed, policy),
    pointer(accepted.length - detailed.length, 'changes'),
    '## Safety checks',
    safetyTable(accepted, policy),
    '## Checklist',
    formatTasks(tasksOf(proposal.changes.slice(0, MAX_DETAILED_CHANGES))),
    '## Go or no-go',
    GO_GUIDE,
    '## Changes in detail',
    sharedText(shared),
    ...detailed.map((decision, i) => changeSection(decision, i + 1, shared, policy)),
    '## Not in this proposal',
    rejectedTable(proposal),
    '## After merging',
    AFTER_MERGING,
  ]
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

const GO_GUIDE = [
  '- **Go:** every box is ticked, the evidence is plausible, and somebody watches the session after the merge.',
  '- **Conditional go:** promote it in a test or shadow stage first.',
  '- **Hold:** evidence is thin or contradicts what you know; leave the proposal open and say what is missing.',
  '- **No-go:** close the proposal and say why.',
].join('\n');

const AFTER_MERGING = [
  'Sessions in a live-like environment load the new values at their next start or reload; `paper` never does.',
  'To undo: revert the merge. In an emergency start sessions with `PEAK_NO_OVERRIDES=1`, which runs on base values.',
].join('\n');

function summaryTable({ meta, decisions, changes, changeSetDigest }: PromotionProposal): string {
  const rows = [
    ['Derived at', formatInstant(meta.clock)],
    ['From commit', meta.baseCommit === null ? 'none (outside Git)' : markdownCode(meta.baseCommit)],
    ['Mode', meta.effectiveMode],
    ['Changes', `${changes.length} of ${decisions.length} recommendations`],
    ['Evidence', `${meta.inputs.evidenceFiles} files`],
    ['Change set', markdownCode(changeSetDigest.slice(0, 16))],
  ];
  return table(['', ''], rows as string[][]);
}

function changesTable(
  changes: readonly Change[],
  decisions: readonly PromotionDecision[],
  policy: AutoApplyPolicy,
): string {
  const rows = changes.map((change, i) => {
    const confidence = decisions[i]?.candidate.patch.confidence ?? null;
    return [
      String(i + 1),
      markdownCode(change.target),
      cell(change.old, change.type),
      cell(change.new, change.type),
      stepOf(change.old, change.new),
      boundsText(change.target, change.type, policy),
      confidence === null ? 'none' : formatConfidence(confidence),
    ];
  });
  return table(['#', 'Target', 'Live now', 'Proposed', 'Step', 'Bounds', 'Confidence'], rows);
}

interface SafetyCheck {
  readonly name: string;
  readonly broken: readonly FindingCode[];
}

const SAFETY_CHECKS: readonly SafetyCheck[] = [
  { name: 'Hard limits', broken: ['HARD_LIMIT'] },
  { name: 'Never-list: no R&D, experimental or untested change', broken: ['NEVER_TARGET', 'NEVER_TAG'] },
  { name: 'Bounds', broken: ['OUT_OF_BOUNDS', 'NO_BOUNDS'] },
  { name: 'Step from the live value', broken: ['STEP_EXCEEDED'] },
  { name: 'Confidence for the auto lane', broken: ['CONFIDENCE_NOT_AUTO'] },
  { name: 'Evidence agrees', broken: ['EVIDENCE_CONFLICT', 'EVIDENCE_WRONG_TYPE'] },
  {
    name: 'Evidence is dated, young and knows the live value',
    broken: ['EVIDENCE_OLD', 'EVIDENCE_UNDATED', 'OLD_VALUE_STALE'],
  },
  { name: 'Test health', broken: ['TEST_HEALTH_MISSING', 'TEST_HEALTH_OLD', 'TEST_HEALTH_LOW'] },
  {
    name: 'Budgets, cooldown, drift, holds',
    broken: [
      'HISTORY_UNDETERMINED',
      'HELD',
      'ON_HOLD',
      'FLAPPING',
      'DRIFT',
      'GROUP_BUDGET_SPENT',
      'STEP_UNPROVEN',
    ],
  },
];

function safetyTable(accepted: readonly PromotionDecision[], policy: AutoApplyPolicy): string {
  const rows = SAFETY_CHECKS.map(({ name, broken }) => {
    const found = accepted.flatMap(({ findings }) => findings.filter(({ code }) => broken.includes(code)));
    const [first] = found;
    if (first === undefined) return [name, '✅ holds'];
    const undetermined = first.code === 'HISTORY_UNDETERMINED';
    const everywhere = found.length === accepted.length && found.every((other) => areSame(first, other));
    const words = everywhere
      ? escapeMarkdown(describeFinding(first))
      : `${found.length} of ${accepted.length} changes, see below`;
    return [name, `${undetermined ? '❔' : '⚠️'} ${words}`];
  });
  const operators = policy.approvals.operators.map(escapeMarkdown).join(', ');
  rows.push([
    'Operators who may approve',
    operators === '' ? '⚠️ none named in `[approvals] operators`' : operators,
  ]);
  return table(['Guardrail', 'Result'], rows);
}

function changeSection(
  { candidate, live, planned, findings }: PromotionDecision,
  number: number,
  shared: readonly Finding[],
  policy: AutoApplyPolicy,
): string {
  const { patch, tags } = candidate;
  const type = live?.type ?? 'string';
  const old = live?.value ?? '';
  const step = typeof planned === 'number' ? `, a step of ${stepOf(old, planned)}` : '';
  const own = findings.filter((finding) => !shared.some((other) => areSame(finding, other)));
  const facts = [
    `- **Change:** ${value(old, type)} → ${value(planned, type)}${step}; bounds ${boundsText(patch.target, type, policy)}`,
    `- **Confidence:** ${confidenceText(patch)}`,
    `- **Evidence:** ${patch.evidenceCount} (${patch.evidenceKinds.map(escapeMarkdown).join(', ')}), newest ${patch.newest === null ? 'undated' : formatInstant(patch.newest)}`,
    `- **Tags:** ${tags.length === 0 ? 'none' : tags.map(escapeMarkdown).join(', ')}`,
    ...own.map((finding) => `- ${findingMark(finding)} ${escapeMarkdown(describeFinding(finding))}`),
  ];
  return [
    `### ${number}. ${markdownLineCode(patch.target)}`,
    facts.join('\n'),
    `Sources:\n\n${sourceList(patch)}`,
  ].join('\n\n');
}

/** Findings that every change has: told once. */
function sharedFindings(accepted: readonly PromotionDecision[]): readonly Finding[] {
  const [first, ...rest] = accepted;
  if (first === undefined || rest.length === 0) return [];
  return first.findings.filter((finding) =>
    rest.every(({ findings }) => findings.some((other) => areSame(finding, other))),
  );
}

function sharedText(shared: readonly Finding[]): string {
  if (shared.length === 0) return '';
  const lines = shared.map(
    (finding) => `- ${findingMark(finding)} ${escapeMarkdown(describeFinding(finding))}`,
  );
  return `Of every change:\n\n${lines.join('\n')}`;
}

function confidenceText({ confidence, sampleSize }: ConfigPatch): string {
  const from = sampleSize === null ? '' : ` from ${sampleSize} observations`;
  return `${confidence === null ? 'none' : formatConfidence(confidence)}${from}`;
}

function sourceList(patch: ConfigPatch): string {
  const sources = patch.sources.map((source) => `- ${sourceLink(source)}: ${saidBy(source, patch)}`);
  const rest = patch.evidenceCount - patch.sources.length;
  const root = markdownLineCode(patch.evidenceRoot ?? '');
  if (rest > 0) sources.push(`- and ${rest} more; Merkle root of all files ${root}`);
  return sources.join('\n');
}

/** What one piece of evidence says by itself; what all of them say together is the change. */
function saidBy(source: PatchSource, { type }: ConfigPatch): string {
  const said = value(source.value, type ?? 'string');
  return `${said}, ${source.confidence === null ? 'no confidence' : `confidence ${formatConfidence(source.confidence)}`}`;
}

function findingMark({ effect }: Finding): string {
  return effect === 'note' ? 'ℹ️' : '⚠️';
}

function sourceLink({ file, line, sha256 }: PatchSource): string {
  const place = line > 1 ? `${file}:${line}` : file;
  return `[${markdownLineCode(place)}](../../../${urlPath(file)}) sha256 ${markdownLineCode(sha256.slice(0, 16))}`;
}

/** A path inside the parentheses of a link. There are thousands of them, and nearly all are plain. */
function urlPath(path: string): string {
  if (/^[\w./-]*$/.test(path)) return path;
  const url = path.split('/').map(encodeURIComponent).join('/');
  return url.replaceAll('(', '%28').replaceAll(')', '%29');
}

/** Effects that keep a change out of every lane. */
const REJECTING: readonly string[] = ['pending', 'reject_sanity', 'reject_policy'];

function rejectedTable({ decisions, lane }: PromotionProposal): string {
  const others = decisions.filter((decision) => decision.lane !== lane).sort(byTarget);
  if (others.length === 0) return 'Everything that was recommended is in this proposal.';
  const rows = others
    .slice(0, MAX_ROWS)
    .map(({ candidate: { patch }, live, planned, status, lane: other, findings }) => [
      markdownCode(patch.target),
      patch.redacted ? markdownCode(String(planned)) : cell(planned, live?.type ?? 'string'),
      other === null ? escapeMarkdown(status) : `in the ${other} lane`,
      findings
        .filter(({ effect }) => REJECTING.includes(effect))
        .map((finding) => escapeMarkdown(describeFinding(finding)))
        .join('; '),
    ]);
  return [
    table(['Target', 'Recommended', 'Decision', 'Why'], rows),
    pointer(others.length - MAX_ROWS, 'decisions'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function pointer(count: number, what: string): string {
  return count <= 0 ? '' : `${count} more ${what} are in \`config_patches.json\` beside this file.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(scalar: Scalar, type: ParameterType): string {
  return markdownCode(formatScalar(scalar, type));
}

function value(scalar: Scalar, type: ParameterType): string {
  return markdownLineCode(formatScalar(scalar, type));
}

function stepOf(old: Scalar, next: Scalar): string {
  if (typeof old !== 'number' || typeof next !== 'number') return '–';
  // Of two numbers and of their decimals the same is the smaller one.
  return `${next < old ? '−' : '+'}${formatDecimal(distance(next, old))}`;
}

function boundsText(target: string, type: ParameterType, policy: AutoApplyPolicy): string {
  const all = boundsOf(target, policy);
  const show = (amount: number) => formatScalar(amount, type);
  if (all.length === 0) return 'none';
  return all
    .map(({ min, max, max_step }) => `${show(min)} to ${show(max)}, step ${show(max_step)}`)
    .join('; ');
}

function byTarget(a: PromotionDecision, b: PromotionDecision): number {
  return a.candidate.patch.target < b.candidate.patch.target ? -1 : 1;
}
