import { findGovernedAbove } from '../compose.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import type { ProblemCode } from '../kernel/problem-catalogue.ts';
import { ok, type Result } from '../kernel/result.ts';
import { asciiJson } from '../kernel/text/ascii-json.ts';
import { shellWord } from '../kernel/text/shell-word.ts';
import { formatProblems, problemToJson } from '../reports/problem-text.ts';
import type { Style } from '../reports/style.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Problems shown one by one on a terminal. */
const MAX_SHOWN_PROBLEMS = 20;

/** The outside world as a command sees it: given, never looked up. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** All of stdin; null when it is more than a command reads (`readNamedText`). */
  readonly readInput: () => string | null;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where package.json, `templates/` and `schemas/` of this product stand, as a URL that ends in `/`. */
  readonly packageFolder: URL;
  /** Marks for stdout and for stderr. */
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Whether stdout is a terminal: then text from outside is escaped even where the bare value is the answer. */
  readonly terminal: boolean;
  /** Whether stderr is a terminal that can show progress. */
  readonly interactive: boolean;
}

/** Options that every command understands. */
export interface CommonOptions {
  readonly root: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/** What a command has to say: data for `--json`, text for people. Built only when it is needed. */
export interface Answer {
  readonly json: () => unknown;
  readonly text: (style: Style) => string;
  readonly warnings: readonly Problem[];
  /** Number of warnings, when not all are listed. */
  readonly warningCount?: number;
  readonly exitCode?: ExitCode;
}

/** Prints a result: the answer on stdout, talk on stderr; as JSON, everything in one object on stdout, `ok` where the exit code is 0. */
export function respond(
  streams: Streams,
  { json = false, root = '.' }: Partial<Pick<CommonOptions, 'json' | 'root'>>,
  result: Result<Answer>,
): ExitCode {
  if (!result.ok) return refuse(streams, json, pointAbove(root, result.problems));
  const { text, json: data, warnings, warningCount = warnings.length, exitCode = EXIT.done } = result.value;
  if (json) {
    streams.out(
      formatJson({
        ok: exitCode === EXIT.done,
        ...(data() as object),
        problems: warnings.map(problemToJson),
      }),
    );
    return exitCode;
  }
  const body = text(streams.outStyle);
  if (body !== '') streams.out(body.endsWith('\n') ? body : `${body}\n`);
  if (warningCount > 0)
    streams.err(`${formatProblems(warnings, MAX_SHOWN_PROBLEMS, warningCount, streams.errStyle)}\n`);
  return exitCode;
}

/** An answer made of a result's value; its problems stay. */
export function answer<T, A extends Answer>(result: Result<T>, build: (value: T) => A): Result<A> {
  return result.ok ? ok(build(result.value)) : result;
}

function refuse(streams: Streams, json: boolean, problems: readonly Problem[]): ExitCode {
  if (json) streams.out(formatJson({ ok: false, problems: problems.map(problemToJson) }));
  streams.err(`${formatProblems(problems, problems.length, problems.length, streams.errStyle)}\n`);
  return problems.some(({ code }) => code === 'NOT_FOUND') ? EXIT.no : EXIT.badInput;
}

/** What a command says of a folder that has nothing to govern. */
const WITHOUT: readonly ProblemCode[] = ['NOT_GOVERNED', 'POLICY_MISSING', 'BASE_MISSING'];

/** Somebody in a subfolder is told where the governed folder is, not to restore what stands there. */
function pointAbove(root: string, problems: readonly Problem[]): readonly Problem[] {
  const others = problems.filter(({ code }) => !WITHOUT.includes(code));
  const above = others.length === problems.length ? null : findGovernedAbove(root);
  if (above === null) return problems;
  return [problem('NOT_GOVERNED', { above: shellWord(above) }, { file: root }), ...others];
}

/** JSON in ASCII: the same data for a program, and nothing that a terminal would obey for a person. */
export function formatJson(value: unknown): string {
  return `${asciiJson(JSON.stringify(value, null, 2))}\n`;
}

/** Progress on stderr, only on a terminal and only when it takes longer than half a second. */
export function progressOf(streams: Streams): (done: number, total: number) => void {
  const started = Date.now();
  let shown = false;
  return (done, total) => {
    if (!streams.interactive || Date.now() - started < 500) return;
    const last = done >= total;
    if (last && !shown) return;
    shown = true;
    streams.err(last ? '\r\u001b[K' : `\r\u001b[Kreading evidence ${done} of ${total}`);
  };
}
