import { AppError } from '../kernel/app-error.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { escapeTerminal, escapeTerminalLines } from '../kernel/text/escape-terminal.ts';
import { formatJson, type Streams } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Words and exit code for what a command threw: the outside world failed, or this program has a bug. */
export function reportFailure(error: unknown, streams: Streams, json: boolean): ExitCode {
  const { err, errStyle, variables } = streams;
  if (json) streams.out(formatJson({ ok: false, problems: [], failure: failureJson(error) }));
  if (error instanceof AppError) {
    const help = error.hint === undefined ? '' : `\n  ${errStyle.dim('help:')} ${escapeTerminal(error.hint)}`;
    err(`${errStyle.red('error:')} ${escapeTerminal(error.message)}${help}\n`);
    return EXIT.outsideFailed;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const details =
    variables['PEAK_DEBUG'] === '1' ? `\n${escapeTerminalLines(stack)}` : ' (PEAK_DEBUG=1 shows where)';
  err(
    `${errStyle.red('bug:')} ${escapeTerminal(error instanceof Error ? error.message : String(error))}${details}\n`,
  );
  err(`  ${errStyle.dim('help:')} please report it with reference ${sha256Hex(stack).slice(0, 12)}\n`);
  return EXIT.bug;
}

function failureJson(error: unknown) {
  if (error instanceof AppError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'BUG', message: error instanceof Error ? error.message : String(error) };
}
