import type { PatchRecord } from '../governance/index.ts';
import { formatConfidence } from '../governance/index.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { REDACTED, shownValue } from '../kernel/secret.ts';
import { formatCsv } from '../kernel/text/escape-csv.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { MAX_ROWS } from './rows.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatFacts, formatTable } from './table.ts';
import { valueChart } from './value-chart.ts';

/** One change of a target's live value. */
export interface EntryView {
  readonly time: Instant;
  readonly kind: string;
  readonly from: Parameter | null;
  readonly to: Parameter | null;
  readonly commit: string;
  readonly proposals: readonly string[];
  readonly lane: string | null;
  readonly takenBack: { readonly commit: string; readonly time: Instant } | null;
  readonly settledBy: string | null;
}

/** What the note of a merge says. */
interface VerdictView {
  readonly pull_request: number;
  readonly conclusion: string;
  readonly merged_at: string;
  readonly approvals: readonly { readonly id: number; readonly login: string }[];
}

/** Timelines and what records say about them. */
export interface HistoryView {
  readonly now: Instant;
  readonly timelines: ReadonlyMap<string, readonly EntryView[]>;
  readonly records: {
    readonly pullHints: ReadonlyMap<string, number>;
    readonly verdicts: ReadonlyMap<string, VerdictView>;
    readonly patchOf: (id: string, target: string) => PatchRecord | null;
    readonly reasonOf: (id: string, target: string) => string | null;
  };
  readonly liveOf: (target: string) => { readonly base: Parameter | null; readonly live: Parameter | null };
  /** Whether the target's values may be shown nowhere. */
  readonly isHidden: (target: string) => boolean;
}

/** An entry as plain data, with what the records at HEAD say of it. */
function entryJson(view: HistoryView, target: string, entry: EntryView) {
  const { records } = view;
  const [id] = entry.proposals;
  const patch = id === undefined ? null : records.patchOf(id, target);
  const reason = id === undefined ? null : records.reasonOf(id, target);
  const isPromotion = entry.kind === 'promotion';
  return {
    time: formatInstant(entry.time),
    kind: entry.kind,
    from: shown(view, target, entry.from),
    to: shown(view, target, entry.to),
    commit: entry.commit,
    pull_request_hint: records.pullHints.get(entry.commit) ?? null,
    verdict: verdictJson(records.verdicts.get(entry.commit)),
    proposals: entry.proposals,
    lane: entry.lane,
    confidence: isPromotion ? (patch?.confidence_score ?? null) : null,
    evidence: isPromotion && patch !== null ? patch.evidence : null,
    taken_back:
      entry.takenBack === null
        ? null
        : {
            at: formatInstant(entry.takenBack.time),
            commit: entry.takenBack.commit,
            reason,
          },
    reason: entry.kind === 'rollback' ? reason : null,
    settled_by: entry.settledBy,
  };
}

function verdictJson(verdict: VerdictView | undefined) {
  if (verdict === undefined) return null;
  const { pull_request, conclusion, merged_at, approvals } = verdict;
  return { pull_request, conclusion, merged_at, approvals };
}

export function historyJson(view: HistoryView) {
  return {
    targets: [...view.timelines].map(([target, entries]) => {
      const { base, live } = view.liveOf(target);
      return {
        target,
        base: shown(view, target, base),
        live: shown(view, target, live),
        entries: entries.map((entry) => entryJson(view, target, entry)),
      };
    }),
  };
}

const CSV_HEAD = [
  'target',
  'time',
  'kind',
  'from',
  'to',
  'proposal',
  'lane',
  'pull_request_hint',
  'commit',
  'confidence',
  'taken_back_at',
  'taken_back_by',
  'reason',
];

/** All entries as CSV, safe for spreadsheets. */
export function historyCsv(view: HistoryView): string {
  const rows = [...view.timelines].flatMap(([target, entries]) =>
    entries.map((entry) => {
      const told = entryJson(view, target, entry);
      const cells = [
        target,
        told.time,
        told.kind,
        told.from,
        told.to,
        told.proposals.join(' '),
        told.lane,
        told.pull_request_hint,
        told.commit,
        told.confidence,
        told.taken_back?.at,
        told.taken_back?.commit,
        told.reason ?? told.taken_back?.reason,
      ];
      return cells.map((cell) => String(cell ?? ''));
    }),
  );
  return formatCsv(CSV_HEAD, rows);
}

/** A table a target, newest last, with a chart where values are numbers. */
export function historyText(view: HistoryView, style: Style): string {
  if (view.timelines.size === 0) return 'No live value has ever changed.';
  return [...view.timelines]
    .map(([target, entries]) => timelineText(view, target, entries, style))
    .join('\n\n');
}

function timelineText(
  view: HistoryView,
  target: string,
  entries: readonly EntryView[],
  style: Style,
): string {
  const { base, live } = view.liveOf(target);
  const head = `${style.bold(target)}  live ${valueText(view, target, live)}, base ${valueText(view, target, base)}`;
  const rows = entries.slice(-MAX_ROWS).map((entry) => rowOf(view, target, entry, style));
  const more = entries.length - Math.min(entries.length, MAX_ROWS);
  const older = more === 0 ? [] : [style.dim(`… ${more} older (--json and --csv list all)`)];
  const table = formatTable(['when', 'what', 'from', 'to', 'proposal', 'commit', ''], rows, style);
  return [head, ...chartOf(view, target, entries), ...older, table].join('\n');
}

function chartOf(
  { now, isHidden }: HistoryView,
  target: string,
  entries: readonly EntryView[],
): readonly string[] {
  const [first] = entries;
  const points = [
    ...(first?.from == null ? [] : [{ time: first.time, value: first.from.value }]),
    ...entries.map(({ time, to }) => ({ time, value: to?.value })),
  ];
  const numbers = points.flatMap(({ time, value }) => (typeof value === 'number' ? [{ time, value }] : []));
  if (
    isHidden(target) ||
    shownValue(target, 0) === REDACTED ||
    numbers.length < points.length ||
    numbers.length < 3
  )
    return [];
  const values = numbers.map(({ value }) => value);
  const chart = valueChart(numbers, now);
  if (chart === '') return [];
  const [from, until] = [numbers[0]?.time ?? now, now].map((time) => formatInstant(time).slice(0, 10));
  return [`${from} ${chart} ${until}, lowest ${Math.min(...values)}, highest ${Math.max(...values)}`];
}

function rowOf(view: HistoryView, target: string, entry: EntryView, style: Style): readonly string[] {
  const { records } = view;
  const verdict = records.verdicts.get(entry.commit);
  const hint = records.pullHints.get(entry.commit);
  const pull = verdict === undefined ? (hint === undefined ? '' : ` #${hint}?`) : ` #${verdict.pull_request}`;
  const [id] = entry.proposals;
  return [
    formatInstant(entry.time),
    entry.kind === 'unexplained' ? style.yellow(entry.kind) : entry.kind,
    valueText(view, target, entry.from),
    valueText(view, target, entry.to),
    entry.proposals.map(escapeTerminal).join(', '),
    `${entry.commit.slice(0, 12)}${pull}`,
    remarkOf(entry, id === undefined ? null : records.reasonOf(id, target)),
  ];
}

function remarkOf({ kind, takenBack, settledBy }: EntryView, reason: string | null): string {
  const why = reason === null ? '' : `: ${escapeTerminal(reason)}`;
  if (takenBack !== null)
    return `taken back ${formatInstant(takenBack.time)} in ${takenBack.commit.slice(0, 12)}${why}`;
  if (kind === 'rollback') return why.slice(2);
  return settledBy === null ? '' : `counts as never live, says ${settledBy.slice(0, 12)}`;
}

/** The latest entry that made the live value, and whether each evidence file is still what it was derived from. */
export interface WhyView {
  readonly target: string;
  readonly entry: EntryView | null;
  readonly sources: ReadonlyMap<string, 'same' | 'changed' | 'missing'>;
}

export function historyWhyJson(view: HistoryView, { target, entry, sources }: WhyView) {
  const { base, live } = view.liveOf(target);
  return {
    target,
    base: shown(view, target, base),
    live: shown(view, target, live),
    set_by: entry === null ? null : entryJson(view, target, entry),
    evidence_files: [...sources].map(([file, state]) => ({ file, state })),
  };
}

/** The chain from the live value down to evidence files and their digests. */
export function historyWhyText(view: HistoryView, { target, entry, sources }: WhyView, style: Style): string {
  const { base, live } = view.liveOf(target);
  const head = `${style.bold(target)} = ${valueText(view, target, live)} is what live sessions load; the base value is ${valueText(view, target, base)}.`;
  if (entry === null) return `${head}\nIts live value has never changed.`;
  const hint = view.records.pullHints.get(entry.commit);
  const [id] = entry.proposals;
  const patch = id === undefined ? null : view.records.patchOf(id, target);
  const facts: [string, string][] = [
    [
      'set by',
      `${entry.kind} at ${formatInstant(entry.time)}: ${valueText(view, target, entry.from)} → ${valueText(view, target, entry.to)}`,
    ],
    [
      'commit',
      `${entry.commit}${hint === undefined ? '' : ` (its message names #${hint}; anybody can write that)`}`,
    ],
    ...entry.proposals.map((name): [string, string] => [
      entry.kind === 'rollback' ? 'took back' : 'proposal',
      `${escapeTerminal(name)}${entry.lane === null ? '' : `, ${entry.lane} lane`}`,
    ]),
  ];
  facts.push(...verdictFacts(view.records.verdicts.get(entry.commit)));
  const reason = id === undefined || entry.kind !== 'rollback' ? null : view.records.reasonOf(id, target);
  if (reason !== null) facts.push(['reason', escapeTerminal(reason)]);
  if (patch !== null && entry.kind === 'promotion') facts.push(...evidenceFacts(patch));
  return [head, formatFacts(facts, style), ...sourceLines(patch, sources, style)].join('\n');
}

function verdictFacts(verdict: VerdictView | undefined): [string, string][] {
  if (verdict === undefined) return [];
  const { pull_request: pull, conclusion, approvals } = verdict;
  const people = approvals.map(({ login }) => escapeTerminal(login)).join(', ');
  const by = people === '' ? 'no approvals' : `approved by ${people}`;
  return [['verdict', `${conclusion} for #${pull}, ${by}, says its note`]];
}

function evidenceFacts({ confidence_score: confidence, evidence }: PatchRecord): [string, string][] {
  const { count, kinds, newest, root } = evidence;
  return [
    ['confidence', confidence === null ? 'none' : formatConfidence(confidence)],
    [
      'evidence',
      `${count} (${escapeTerminal(kinds.join(', '))}), newest ${escapeTerminal(newest ?? 'undated')}`,
    ],
    ['Merkle root', root ?? 'none'],
  ];
}

const STATES = {
  same: 'is what was derived from',
  changed: 'WAS CHANGED since',
  missing: 'IS MISSING now',
} as const;

function sourceLines(
  patch: PatchRecord | null,
  sources: WhyView['sources'],
  style: Style,
): readonly string[] {
  return (patch?.evidence.sources ?? []).flatMap(({ file, line, sha256 }) => {
    const state = sources.get(file);
    if (state === undefined) return [];
    const words = state === 'same' ? STATES[state] : style.red(STATES[state]);
    return [
      `  ${escapeTerminal(`${file}:${line}`)}  ${words}`,
      `    ${style.dim(`sha256 ${escapeTerminal(sha256)}`)}`,
    ];
  });
}

function shown({ isHidden }: HistoryView, target: string, parameter: Parameter | null) {
  if (parameter === null) return null;
  return isHidden(target) ? REDACTED : shownValue(target, parameter.value);
}

function valueText(view: HistoryView, target: string, parameter: Parameter | null): string {
  const value = shown(view, target, parameter);
  return value === null || parameter === null
    ? 'none'
    : value === REDACTED
      ? REDACTED
      : showScalar(value, parameter);
}
