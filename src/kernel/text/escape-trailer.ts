import { escapeTerminal } from './escape-terminal.ts';

/** Untrusted text as one line of a commit message: no line break, so no forged trailer; at most 200 characters. */
export function escapeCommitLine(text: string): string {
  return escapeTerminal(text)
    .slice(0, 200)
    .replace(/[\ud800-\udbff]$/, '');
}
