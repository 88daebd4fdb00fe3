import { escapeTerminal } from './escape-terminal.ts';

/**
 * Makes untrusted text safe as one line of GitHub-flavoured Markdown, also inside a table cell or at the start of a list
 * item: no structure, HTML, mention, reference, autolink or comment terminator can come of it. Control characters become
 * visible escapes first; a zero-width space breaks what GitHub links after rendering, where a backslash would not help.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~$]/g, '\\$&')
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replaceAll(/^[#+=-]/g, '\\$&')
    .replaceAll(/^(\d+)([.)])/g, '$1\\$2')
    .replaceAll(/[@#]/g, '$&\u200b')
    .replaceAll(/GH-(?=\d)/gi, '$&\u200b')
    .replaceAll(/:(?=\/\/)|www(?=\.)/gi, '$&\u200b');
}

/** Untrusted text as an inline code span: nothing inside is interpreted, whatever backticks it holds; `|` is safe in a cell. */
export function markdownCode(text: string): string {
  const safe = escapeTerminal(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = safe.startsWith('`') || safe.endsWith('`') || safe === '' ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}
