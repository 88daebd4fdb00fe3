import { escapeTerminal } from './escape-terminal.ts';

/**
 * Untrusted text for a place that shows plain text but may still link what looks like a mention, a reference or an address (titles
 * and annotations on GitHub): nothing active, nothing that links, and readable as it was.
 */
export function escapePlain(text: string): string {
  return breakLinks(escapeTerminal(text));
}

/** A zero-width space in everything that GitHub links after rendering, where a backslash would not help. */
export function breakLinks(text: string): string {
  return text
    .replaceAll(/[@#]/g, '$&\u200b')
    .replaceAll(COMMIT_LIKE, (hex) => `${hex.slice(0, 6)}\u200b${hex.slice(6)}`)
    .replaceAll(/GH-(?=\d)/gi, '$&\u200b')
    .replaceAll(/:(?=\/\/)|www(?=\.)/gi, '$&\u200b');
}

/** 7 to 40 hex digits, letters and digits mixed: GitHub links them when there is such a commit. */
const COMMIT_LIKE = /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/gi;
