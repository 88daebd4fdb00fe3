import type { ProposalMeta } from '../governance/index.ts';
import { formatConfidence } from '../governance/index.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { MAX_ROWS, moreRows } from './rows.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

/** A signal as it is listed. */
export interface SignalRow {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly time: Instant | null;
  readonly expired: boolean;
  readonly changes: readonly {
    readonly target: string;
    readonly value: Scalar;
    readonly confidence: number | null;
  }[];
  /** Number of all changes, when not all are here. */
  readonly changeCount: number;
  readonly healthScore: number | null;
}

/** Changes shown of one signal. */
const MAX_SHOWN_CHANGES = 8;

/** Signals, newest first; `more` says that not even all of the newest are listed here. */
export function signalTable(signals: readonly SignalRow[], more: boolean, style: Style): string {
  if (signals.length === 0) return 'No signals. peak signal emit writes one.';
  const shown = signals.slice(0, MAX_ROWS);
  const rows = shown.map((signal) => [
    dateCell(signal, style),
    signal.source,
    escapeTerminal(signal.line > 1 ? `${signal.file}:${signal.line}` : signal.file),
  ]);
  const [head, ...lines] = formatTable(['date', 'source', 'file'], rows, style).split('\n');
  const table = [head, ...shown.flatMap((signal, i) => [lines[i], ...contentLines(signal)])].join('\n');
  if (!more) return table + moreRows(signals.length, style);
  return `${table}\n${style.dim(`… and many more (--json lists the newest ${signals.length})`)}`;
}

function dateCell({ time, expired }: SignalRow, style: Style): string {
  if (time === null) return style.yellow('undated');
  return `${formatInstant(time)}${expired ? style.yellow(' expired') : ''}`;
}

/** What a signal says, a line each. */
function contentLines({ changes, changeCount, healthScore }: SignalRow): readonly string[] {
  const shown = changes.slice(0, MAX_SHOWN_CHANGES);
  return [
    ...(healthScore === null ? [] : [`test health ${healthScore}`]),
    ...shown.map(({ target, value, confidence }) => {
      const sure = confidence === null ? 'no confidence' : `confidence ${formatConfidence(confidence)}`;
      return `${target} → ${showScalar(value)} (${sure})`;
    }),
    ...(changeCount > shown.length ? [`… and ${changeCount - shown.length} more`] : []),
  ].map((line) => `    ${line}`);
}

/** Proposals, newest first, and those that wait on branches. */
export function proposalTable(
  proposals: readonly { readonly id: string; readonly meta: ProposalMeta }[],
  waiting: readonly { readonly branch: string; readonly id: string }[],
  style: Style,
): string {
  const hints = waiting.map(
    ({ branch, id }) =>
      `Not merged: ${style.bold(escapeTerminal(id))} on ${branch}  ${style.dim(`git diff HEAD...${branch}`)}`,
  );
  if (proposals.length === 0)
    return [
      hints.length === 0 ? 'No proposals. peak promote makes them.' : 'No proposals here.',
      ...hints,
    ].join('\n');
  const rows = proposals.slice(0, MAX_ROWS).map(({ id, meta }) => [
    escapeTerminal(id),
    meta.lane,
    String(meta.changes.length),
    escapeTerminal(
      meta.changes
        .slice(0, 3)
        .map(({ target }) => target)
        .join(', ') + (meta.changes.length > 3 ? ', …' : ''),
    ),
    escapeTerminal(meta.generated_at),
  ]);
  return (
    formatTable(['proposal', 'lane', 'changes', 'targets', 'derived at'], rows, style) +
    moreRows(proposals.length, style) +
    hints.map((hint) => `\n${hint}`).join('')
  );
}
