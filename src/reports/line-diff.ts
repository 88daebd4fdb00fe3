import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { Style } from './style.ts';

/** Lines that only one of two texts has, in order; enough for files whose lines are sorted and unique. */
export function lineDiff(before: string, after: string, style: Style): string {
  const old = before.split('\n');
  const next = after.split('\n');
  const removed = old.filter((line) => line !== '' && !next.includes(line));
  const added = next.filter((line) => line !== '' && !old.includes(line));
  return [
    ...removed.map((line) => style.red(`- ${escapeTerminal(line)}`)),
    ...added.map((line) => style.green(`+ ${escapeTerminal(line)}`)),
  ].join('\n');
}
