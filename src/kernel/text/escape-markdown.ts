import { escapeTerminal } from './escape-terminal.ts';

/**
 * Makes untrusted text safe as one line of GitHub-flavoured Markdown, also inside a table cell: no structure, HTML,
 * mention, reference, autolink or comment terminator can come of it. Control characters become visible escapes first.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+\-!|~$^]/g, (char) => `\\${char}`)
    .replaceAll('@', '@\u200b')
    .replaceAll(/(:)(?=\/\/)|\b(www)(?=\.)/gi, '$1$2\u200b')
    .replaceAll(/^(\s*\d+)([.)])/g, '$1\\$2');
}

/** Untrusted text as an inline code span: nothing inside is interpreted, whatever backticks it holds; `|` is safe in a cell. */
export function markdownCode(text: string): string {
  const safe = escapeTerminal(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = safe.startsWith('`') || safe.endsWith('`') || safe === '' ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}
