import { escapeTerminal } from './escape-terminal.ts';

/** A word that a POSIX shell takes literally, to be shown on a terminal and copied from there. Plain paths need no quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${escapeTerminal(text).replaceAll("'", "'\\''")}'`;
}
