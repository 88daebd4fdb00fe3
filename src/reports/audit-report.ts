import { formatInstant, type Instant } from '../kernel/instant.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { type Deviation, describeDeviation } from '../review/index.ts';
import { findingJson, tellFinding } from './check-report.ts';
import type { Style } from './style.ts';
import { formatFacts } from './table.ts';

/** What an audit says of one commit. */
interface DeviationView extends Deviation {
  readonly author: string;
  readonly acknowledged: string | null;
}

/** An audit of a branch. */
export interface AuditView {
  readonly base: string;
  readonly genesis: string;
  readonly since: Instant | null;
  readonly deviations: readonly DeviationView[];
  readonly counts: {
    readonly commits: number;
    readonly events: Readonly<Record<string, number>>;
    readonly rebuilt: number;
    readonly authentic: number;
    readonly verdicts: number;
  };
  readonly verdictsSince: string | null;
}

/** Files that are listed on a terminal; `--json` has all. */
const MAX_FILES = 5;

/** Those that make the answer "no". */
export function openDeviations({ deviations }: AuditView): readonly DeviationView[] {
  return deviations.filter(({ isNoted, acknowledged }) => !isNoted && acknowledged === null);
}

/** An audit for programs. */
export function auditJson(view: AuditView) {
  const { base, genesis, since, counts, verdictsSince, deviations } = view;
  return {
    explained: openDeviations(view).length === 0,
    base,
    genesis,
    since: since === null ? null : formatInstant(since),
    counts,
    verdicts_since: verdictsSince,
    deviations: deviations.map(({ isNoted, time, findings, ...deviation }) => ({
      ...deviation,
      state: stateOf({ isNoted, ...deviation }),
      time: formatInstant(time),
      ...describeDeviation(deviation),
      findings: findings.map(findingJson),
    })),
  };
}

function stateOf({ isNoted, acknowledged }: Pick<DeviationView, 'isNoted' | 'acknowledged'>): string {
  if (isNoted) return 'noted';
  return acknowledged === null ? 'open' : 'acknowledged';
}

/** An audit for a terminal: the answer, what was looked at, every deviation with who and what to do, and notes. */
export function auditText(view: AuditView, style: Style): string {
  const open = openDeviations(view);
  const count = open.length === 1 ? '1 deviation' : `${open.length} deviations`;
  const answer = open.length === 0 ? style.green('everything is explained') : style.red(count);
  return [
    style.bold(answer),
    formatFacts(factsOf(view), style),
    section('Deviations', open, style),
    section(
      'Acknowledged',
      view.deviations.filter((one) => !one.isNoted && one.acknowledged !== null),
      style,
    ),
    section(
      'Noted',
      view.deviations.filter(({ isNoted }) => isNoted),
      style,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function factsOf({ base, genesis, since, counts, verdictsSince }: AuditView) {
  const { commits, events, rebuilt, authentic, verdicts } = counts;
  const kinds = Object.entries(events).map(([kind, count]) => `${kind} ${count}`);
  const notes = verdictsSince === null ? 'none' : `${verdicts}, since ${verdictsSince.slice(0, 12)}`;
  return [
    ['Branch', `${base.slice(0, 12)}, ${commits} commits since its policy came with ${genesis.slice(0, 12)}`],
    ...(since === null ? [] : [['Since', formatInstant(since)] as const]),
    ['Events', kinds.join(', ')],
    ['Promotions', `${authentic} of ${rebuilt} are what both loops give`],
    ['Verdicts', notes],
  ] as const;
}

function section(title: string, deviations: readonly DeviationView[], style: Style): string {
  if (deviations.length === 0) return '';
  return [style.bold(title), ...deviations.map((one) => tell(one, style))].join('\n');
}

function tell(deviation: DeviationView, style: Style): string {
  const { code, commit, time, author, files, findings, acknowledged } = deviation;
  const { message, help } = describeDeviation(deviation);
  const lines = [
    `  ${style.bold(commit.slice(0, 12))}  ${formatInstant(time)}  ${escapeTerminal(author)}`,
    `    ${style.yellow(code)}: ${escapeTerminal(message)}`,
    ...files.slice(0, MAX_FILES).map((file) => `      ${escapeTerminal(file)}`),
    ...(files.length > MAX_FILES ? [`      and ${files.length - MAX_FILES} more`] : []),
    ...findings.map((finding) => tellFinding(finding, style)),
  ];
  const last = acknowledged === null ? `help: ${help}` : `acknowledged: ${acknowledged}`;
  return [...lines, `    ${style.dim(escapeTerminal(last))}`].join('\n');
}
