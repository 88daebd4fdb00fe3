/**
 * Makes untrusted text safe for a terminal: control characters (C0, C1, DEL), line separators, bidirectional marks and
 * zero-width characters become visible escapes, so no text can move the cursor, recolour or hide a part of a line.
 */
export function escapeTerminal(text: string): string {
  // Looking for what is unsafe takes much longer, and nearly all texts are plain.
  if (PLAIN.test(text)) return text;
  return text.replaceAll(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for a text of several lines, whose line feeds stay. */
export function escapeTerminalLines(text: string): string {
  return text.split('\n').map(escapeTerminal).join('\n');
}

/** Printable ASCII: nothing that is unsafe. */
const PLAIN = /^[ -~]*$/;
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]|[\u{e0000}-\u{e007f}]/gu;
