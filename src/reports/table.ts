import { PLAIN, type Style } from './style.ts';

const ANSI = /\u001b\[[0-9;]*m/g;

/** Rows in aligned columns under a bold head; cells that look like numbers stand right. Cells must be escaped already. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style = PLAIN,
): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[i] ?? ''))),
  );
  const right = head.map((_, i) => rows.length > 0 && rows.every((row) => isNumeric(row[i] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => align(cell, widths[i] ?? 0, right[i] ?? false, i === cells.length - 1))
      .join('  ')
      .trimEnd();
  return [line(head.map((title) => style.bold(title))), ...rows.map(line)].join('\n');
}

/** Facts under each other: `name  value`. */
export function formatFacts(
  facts: readonly (readonly [name: string, value: string])[],
  style: Style = PLAIN,
): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value}`).join('\n');
}

function align(cell: string, width: number, right: boolean, last: boolean): string {
  const padding = ' '.repeat(Math.max(0, width - visibleLength(cell)));
  if (right) return padding + cell;
  return last ? cell : cell + padding;
}

function visibleLength(cell: string): number {
  return [...cell.replaceAll(ANSI, '')].length;
}

function isNumeric(cell: string): boolean {
  return /^[−+-]?[\d.]+$|^$|^-$/.test(cell.replaceAll(ANSI, ''));
}
