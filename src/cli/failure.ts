import { AppError } from '../kernel/app-error.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { Streams } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Words and exit code for what a command threw: the outside world failed, or this program has a bug. */
export function reportFailure(error: unknown, { err, errStyle, variables }: Streams): ExitCode {
  if (error instanceof AppError) {
    const help = error.hint === undefined ? '' : `\n  ${errStyle.dim('help:')} ${escapeTerminal(error.hint)}`;
    err(`${errStyle.red('error:')} ${escapeTerminal(error.message)}${help}\n`);
    return EXIT.outsideFailed;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const details = variables['PEAK_DEBUG'] === '1' ? `\n${stack}` : ' (PEAK_DEBUG=1 shows where)';
  err(
    `${errStyle.red('bug:')} ${escapeTerminal(error instanceof Error ? error.message : String(error))}${details}\n`,
  );
  err(`  ${errStyle.dim('help:')} please report it with reference ${sha256Hex(stack).slice(0, 12)}\n`);
  return EXIT.bug;
}
