import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { type Check, describeCheck } from '../setup/index.ts';
import type { Style } from './style.ts';

/** Checks in order, each with its words. */
export function doctorJson(checks: readonly Check[]) {
  return {
    summary: countLevels(checks),
    checks: checks.map((check) => ({ ...check, ...describeCheck(check) })),
  };
}

const MARKS = { ok: '[OK]  ', warning: '[WARN]', error: '[ERR] ' } as const;

/** One line per check, what to do below it, and how many of each there are. */
export function doctorText(checks: readonly Check[], style: Style): string {
  const colour = { ok: style.green, warning: style.yellow, error: style.red };
  const lines = checks.map((check) => {
    const { message, help } = describeCheck(check);
    const todo = help === undefined ? '' : `\n       ${style.dim('help:')} ${escapeTerminal(help)}`;
    return `${colour[check.level](MARKS[check.level])} ${escapeTerminal(message)}${todo}`;
  });
  const { ok, warning, error } = countLevels(checks);
  return `${lines.join('\n')}\n\n${ok} OK, ${warning} to look at, ${error} to put right`;
}

function countLevels(checks: readonly Check[]) {
  const count = (wanted: Check['level']) => checks.filter(({ level }) => level === wanted).length;
  return { ok: count('ok'), warning: count('warning'), error: count('error') };
}
