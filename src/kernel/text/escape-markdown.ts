import { breakLinks } from './escape-plain.ts';
import { escapeTerminal } from './escape-terminal.ts';

/**
 * Makes untrusted text safe as one line of GitHub-flavoured Markdown, also inside a table cell or at the start of a list
 * item: no structure, HTML, mention, reference, autolink or comment terminator can come of it. Control characters become
 * visible escapes first; a zero-width space breaks what GitHub links after rendering, where a backslash would not help.
 */
export function escapeMarkdown(text: string): string {
  const safe = escapeTerminal(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~$]/g, '\\$&')
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replaceAll(/^[#+=-]/g, '\\$&')
    .replaceAll(/^(\d+)([.)])/g, '$1\\$2');
  return breakLinks(safe);
}

/**
 * Untrusted text as an inline code span that is safe in a table cell, too: nothing inside is interpreted, whatever
 * backticks it holds, and a pipe is escaped, which a table takes back.
 */
export function markdownCode(text: string): string {
  return markdownLineCode(text).replaceAll('|', '\\|');
}

/** The same outside tables, where a pipe stands as it is. */
export function markdownLineCode(text: string): string {
  // What needs neither an escape nor a longer fence: nearly all that is shown.
  if (PLAIN_CODE.test(text)) return `\`${text}\``;
  const safe = escapeTerminal(text);
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const strips = safe.startsWith(' ') && safe.endsWith(' ') && safe.trim() !== '';
  const pad = strips || safe.startsWith('`') || safe.endsWith('`') || safe === '' ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** Printable ASCII without backticks, and without a blank at its ends. */
const PLAIN_CODE = /^[!-_a-~](?:[ -_a-~]*[!-_a-~])?$/;
