import { type OwnDecision, read } from './operator-cycles.ts';

/** One row of `decisions.json`: what was decided about a patch then, and what is decided now. */
export interface DecisionRow {
  readonly cycle: number;
  readonly target: string;
  /** `old → new`, or `[redacted]`. */
  readonly change: string;
  readonly confidence: string;
  readonly v1: string;
  readonly operator: string | null;
  readonly manual_only: OwnDecision;
  readonly bounded_auto: OwnDecision;
  /** Why this system decides differently, or that it does not. */
  readonly note: string;
}

/** All rows, in the order of the cycles. */
export function readDecisions(): readonly DecisionRow[] {
  return JSON.parse(read('decisions.json')) as DecisionRow[];
}

/** The table of `docs/operator-cycles.md`: a row a patch. */
export function formatDecisionTable(rows: readonly DecisionRow[]): string {
  const head = [
    '| Cycle | Target | Change | Confidence | v1 | Operator | `manual_only` | `bounded_auto` | Why |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  const lines = rows.map((row) => {
    const cells = [
      String(row.cycle),
      `\`${row.target}\``,
      row.change,
      row.confidence,
      row.v1.toLowerCase(),
      row.operator ?? '–',
      row.manual_only.decision,
      [row.bounded_auto.decision, ...row.bounded_auto.why.map((code) => `\`${code}\``)].join('<br>'),
      row.note,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [...head, ...lines].join('\n');
}
