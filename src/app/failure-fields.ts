import { AppError } from '../kernel/app-error.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';

/** What a line of the log says of a failure: of one of the outside world's its code, words and advice; of a bug the stack. */
export function failureFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof AppError)) return { err: error };
  const { code, message, hint } = error;
  const cause = findCause(error.cause);
  return {
    code,
    why: escapeTerminal(cause === null ? message : `${message} (${cause})`),
    ...(hint === undefined ? {} : { help: hint }),
  };
}

/** Why nobody answered, such as ENOTFOUND: fetch hides it two causes deep. */
function findCause(error: unknown): string | null {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  }
  return null;
}
