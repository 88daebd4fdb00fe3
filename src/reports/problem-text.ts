import type { Problem } from '../kernel/problem.ts';
import { describeProblem } from '../kernel/problem-catalogue.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { PLAIN, type Style } from './style.ts';

/** `error: file:line:column: what and why`, and the advice below it. Safe for a terminal. */
export function formatProblem(problem: Problem, style: Style = PLAIN): string {
  const { message, hint } = describeProblem(problem.code, problem.args);
  const mark = problem.severity === 'error' ? style.red('error:') : style.yellow('warning:');
  const place = formatPlace(problem);
  const help = hint === undefined || hint === '' ? '' : `\n  ${style.dim('help:')} ${escapeTerminal(hint)}`;
  return `${mark} ${place === '' ? '' : `${escapeTerminal(place)}: `}${escapeTerminal(message)}${help}`;
}

/** `file:line:column` as far as it is known. */
export function formatPlace({
  file,
  line,
  column,
}: Partial<Pick<Problem, 'file' | 'line' | 'column'>>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** Problems in order, at most `limit`, and how many more there are. */
export function formatProblems(
  problems: readonly Problem[],
  limit: number,
  total: number,
  style: Style = PLAIN,
): string {
  const lines = problems.slice(0, limit).map((problem) => formatProblem(problem, style));
  const more = total - Math.min(limit, problems.length);
  if (more > 0)
    lines.push(
      style.dim(
        `… and ${more} more (--json lists ${problems.length === total ? 'all' : `the first ${problems.length}`})`,
      ),
    );
  return lines.join('\n');
}

/** A problem as JSON: code, words and place. */
export function problemToJson(problem: Problem) {
  const { message, hint } = describeProblem(problem.code, problem.args);
  const { code, severity, file, line, column } = problem;
  return { code, severity, file, line, column, message, hint };
}
