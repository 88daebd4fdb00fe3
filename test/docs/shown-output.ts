/** Whether an output is what a document shows. `…` stands for any text in its line, and alone for any number of lines. */
export function matchesOutput(shown: string, output: string): boolean {
  const lines = trimmedLines(output);
  const parts = splitAtEllipsis(trimmedLines(shown));
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    const from = last && i > 0 ? lines.length - part.length : at;
    const found = i === 0 ? (startsWith(lines, part, 0) ? 0 : -1) : findFrom(lines, part, from);
    if (found < at) return false;
    at = found + part.length;
  }
  return at === lines.length;
}

function trimmedLines(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

function splitAtEllipsis(lines: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === '…') parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

function findFrom(lines: readonly string[], part: readonly string[], from: number): number {
  for (let i = from; i >= 0 && i + part.length <= lines.length; i += 1)
    if (startsWith(lines, part, i)) return i;
  return -1;
}

function startsWith(lines: readonly string[], part: readonly string[], from: number): boolean {
  return part.every((line, i) => matchesLine(line, lines[from + i]));
}

function matchesLine(shown: string, line: string | undefined): boolean {
  if (line === undefined || !shown.includes('…')) return line === shown;
  const parts = shown.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}
