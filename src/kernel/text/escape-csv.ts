import { escapeTerminal } from './escape-terminal.ts';

/**
 * Untrusted text as one cell of a CSV file (RFC 4180: CRLF between rows, quotes doubled). What a spreadsheet would take for a formula, a
 * command or a number in another guise gets an apostrophe in front (OWASP, "CSV Injection"); plain numbers stay numbers. Control
 * characters become visible escapes, so a cell is always one line.
 */
export function escapeCsvCell(text: string): string {
  const safe = escapeTerminal(text);
  const isFormula = /^\s*[=+\-@|%＝＋－＠]/.test(safe) && !/^-?\d+(\.\d+)?$/.test(safe);
  const cell = isFormula ? `'${safe}` : safe;
  return /[",;\s']/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Rows as CSV with a head; ends in a line break. */
export function formatCsv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => `${row.map(escapeCsvCell).join(',')}\r\n`).join('');
}
