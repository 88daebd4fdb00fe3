import type { ProposalMeta } from '../governance/index.ts';
import { formatConfidence } from '../governance/index.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { MAX_ROWS, moreRows } from './learn-report.ts';
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
}

/** Signals, newest first. */
export function signalTable(signals: readonly SignalRow[], style: Style): string {
  if (signals.length === 0) return 'No signal recommends a change. peak signal emit writes one.';
  const rows = signals
    .slice(0, MAX_ROWS)
    .map(({ file, line, source, time, expired, changes }) => [
      time === null
        ? style.yellow('undated')
        : `${formatInstant(time)}${expired ? style.yellow(' expired') : ''}`,
      source,
      changes.map(({ target, value }) => `${target} → ${showScalar(value)}`).join(', '),
      changes
        .map(({ confidence }) => (confidence === null ? 'none' : formatConfidence(confidence)))
        .join(', '),
      escapeTerminal(line > 1 ? `${file}:${line}` : file),
    ]);
  return (
    formatTable(['date', 'source', 'recommends', 'confidence', 'file'], rows, style) +
    moreRows(signals.length, style)
  );
}

/** Proposals, newest first. */
export function proposalTable(
  proposals: readonly { readonly id: string; readonly meta: ProposalMeta }[],
  style: Style,
): string {
  if (proposals.length === 0) return 'No proposals. peak promote makes them.';
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
    moreRows(proposals.length, style)
  );
}
