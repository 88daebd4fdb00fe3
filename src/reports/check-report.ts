import { formatInstant } from '../kernel/instant.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import {
  CONCLUSION_WORDS,
  describeClass,
  describeReviewFinding,
  describeStep,
  isMild,
  OUTCOME_WORDS,
  type Outcome,
  type ReviewFinding,
  type RuleResult,
  type Verdict,
} from '../review/index.ts';
import { formatPlace } from './problem-text.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';

/** A verdict for programs. */
export function checkJson(verdict: Verdict) {
  return {
    conclusion: verdict.conclusion,
    class: verdict.kind,
    lane: verdict.lane,
    proposal_id: verdict.proposalId,
    head: verdict.head,
    base: verdict.base,
    merge_base: verdict.mergeBase,
    policy_digest: verdict.policyDigest,
    time: formatInstant(verdict.time),
    valid_until: formatInstant(verdict.validUntil),
    changes: verdict.changes.map(({ maxStep, before, after, ...change }) => ({
      ...change,
      live: before,
      proposed: after,
      max_step: maxStep,
    })),
    rules: verdict.rules.map(({ rule, outcome, findings }) => ({
      rule,
      outcome,
      findings: findings.map(findingJson),
    })),
  };
}

/** A finding for programs, with its words. */
export function findingJson(finding: ReviewFinding): Record<string, unknown> {
  const { message, help } = describeReviewFinding(finding);
  const { code, outcome, target, observed, required, file, line, column, until, children } = finding;
  return {
    code,
    outcome,
    message,
    help,
    target,
    observed,
    required,
    file,
    line,
    column,
    until: until === undefined ? undefined : formatInstant(until),
    children: children?.map(findingJson),
  };
}

/** A verdict for a terminal: the answer, the values it would change, every reason with what to do, and notes. */
export function checkText(verdict: Verdict, style: Style): string {
  const mark = { success: style.green, failure: style.red, action_required: style.yellow }[
    verdict.conclusion
  ];
  const parts = [
    style.bold(mark(CONCLUSION_WORDS[verdict.conclusion])),
    formatFacts(factsOf(verdict), style),
    verdict.changes.length === 0 ? '' : changeTable(verdict, style),
    section('Reasons', verdict.rules, { style, isTold: (outcome) => !isMild(outcome) }),
    section('Notes', verdict.rules, { style, isTold: isMild }),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function factsOf(verdict: Verdict): readonly (readonly [string, string])[] {
  const { proposalId, head, base, time, validUntil } = verdict;
  return [
    ['Class', describeClass(verdict)],
    ...(proposalId === null ? [] : [['Proposal', escapeTerminal(proposalId)] as const]),
    ['Head', head.slice(0, 12)],
    ['Base', base.slice(0, 12)],
    ['Judged', `${formatInstant(time)}, valid until ${formatInstant(validUntil)}`],
  ];
}

function changeTable({ changes, lane }: Verdict, style: Style): string {
  const rows = changes.map((change) => [
    escapeTerminal(change.target),
    `${escapeTerminal(change.before)} → ${escapeTerminal(change.after)}`,
    change.bounds ?? style.dim('none set'),
    describeStep(change),
    lane ?? style.dim('none'),
    outcomeMark(change.outcome, style),
  ]);
  return formatTable(['target', 'live → proposed', 'bounds', 'step', 'lane', 'verdict'], rows, style);
}

function outcomeMark(outcome: Outcome, style: Style): string {
  const mark = {
    passed: style.green,
    noted: style.cyan,
    waits: style.yellow,
    undetermined: style.yellow,
    failed: style.red,
  };
  return mark[outcome](OUTCOME_WORDS[outcome]);
}

interface Telling {
  readonly style: Style;
  readonly isTold: (outcome: Outcome) => boolean;
}

function section(title: string, rules: readonly RuleResult[], { style, isTold }: Telling): string {
  const lines = rules.flatMap(({ rule, findings }) =>
    findings.filter(({ outcome }) => isTold(outcome)).map((finding) => tell(finding, rule, style)),
  );
  return lines.length === 0 ? '' : [style.bold(title), ...lines].join('\n');
}

/** A finding that stands below something else, for a terminal. */
export function tellFinding(finding: ReviewFinding, style: Style): string {
  return tell(finding, '', style, '      ');
}

/** One finding and, below it, its parts. */
function tell(finding: ReviewFinding, rule: string, style: Style, pad = '  '): string {
  const { message, help } = describeReviewFinding(finding);
  const place = [formatPlace(finding), finding.target ?? ''].filter((part) => part !== '').join(' ');
  const asked = rule === '' ? '' : `${style.dim(`[${rule}]`)} `;
  const head = `${pad}${outcomeMark(finding.outcome, style)} ${asked}`;
  const lines = [`${head}${place === '' ? '' : `${escapeTerminal(place)}: `}${escapeTerminal(message)}`];
  if (help !== undefined && !isMild(finding.outcome))
    lines.push(`${pad}  ${style.dim('help:')} ${escapeTerminal(help)}`);
  for (const child of finding.children ?? []) lines.push(tell(child, rule, style, `${pad}  `));
  return lines.join('\n');
}
