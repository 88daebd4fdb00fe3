/** A JSON text that could not be read, and the character (from 0) where reading stopped. */
export interface JsonFault {
  readonly reason: 'it ends too early' | 'unexpected character' | 'too many values';
  readonly offset: number;
}

/** What may stand next: `item` and `member` are the first of a list or an object, which may also close it. */
type Want = 'value' | 'item' | 'member' | 'key' | 'colon' | 'after';

const SPACE = /[ \t\n\r]*/y;
/** With the tokens of Python, which are not what is wrong. */
const SCALAR = /NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const CUT_NUMBER = /^-?(?:\d+(?:\.|(?:\.\d+)?[eE][+-]?))?$/;
/** Longer numbers are cut off, too, but nobody writes them. */
const MAX_SCALAR_LENGTH = 400;
const CUT_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Finds where a text that `JSON.parse` refused stops being JSON. V8 words its reasons differently in each version, quotes the
 * input, which may hold a secret, and often says no position; so the text is walked again, without recursion.
 */
export function findJsonFault(text: string): JsonFault {
  const open: string[] = [];
  let want: Want = 'value';
  for (let at = skip(SPACE, text, 0); ; at = skip(SPACE, text, at)) {
    const char = text[at];
    if (
      char !== undefined &&
      char === open.at(-1) &&
      want !== 'value' &&
      want !== 'key' &&
      want !== 'colon'
    ) {
      open.pop();
      want = 'after';
      at += 1;
      continue;
    }
    const end = endOfToken(text, at, want, open.length > 0);
    if (end < 0) return faultAt(text, -end - 1);
    if (want === 'value' || want === 'item') {
      if (char === '{') open.push('}');
      if (char === '[') open.push(']');
    }
    want = wantAfter(want, char, open.at(-1));
    at = end;
  }
}

/** The offset after a string that starts at `start` with a quote; the length of the text when it does not end. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    // Each pair of them is one backslash; one left over belongs to the quote.
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Where the wanted token ends; −1 − offset when something else stands at that offset. */
function endOfToken(text: string, at: number, want: Want, inside: boolean): number {
  const char = text[at];
  if (want === 'colon') return char === ':' ? at + 1 : -1 - at;
  if (want === 'after') return char === ',' && inside ? at + 1 : -1 - at;
  if (char === '"') return endOfStrictString(text, at);
  if (want === 'key' || want === 'member') return -1 - at;
  if (char === '{' || char === '[') return at + 1;
  if (isCutOff(text, at)) return -1 - text.length;
  const end = skip(SCALAR, text, at);
  return end > at ? end : -1 - at;
}

/** Whether the rest of the text is the beginning of a word or a number, and no more. */
function isCutOff(text: string, at: number): boolean {
  if (text.length - at > MAX_SCALAR_LENGTH) return false;
  const rest = text.slice(at);
  if (CUT_NUMBER.test(rest)) return true;
  return ['true', 'false', 'null', '-Infinity', 'NaN'].some((word) => word !== rest && word.startsWith(rest));
}

function wantAfter(want: Want, char: string | undefined, closing: string | undefined): Want {
  if (want === 'key' || want === 'member') return 'colon';
  if (want === 'colon') return 'value';
  if (want === 'after') return closing === '}' ? 'key' : 'value';
  return char === '{' ? 'member' : char === '[' ? 'item' : 'after';
}

function endOfStrictString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char === undefined || char < ' ') return -1 - at;
    if (char !== '\\') continue;
    const end = skip(ESCAPE, text, at);
    if (end === at) return -1 - (CUT_ESCAPE.test(text.slice(at)) ? text.length : at);
    at = end - 1;
  }
}

/** The offset after a match of a sticky pattern, or the same offset. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function faultAt(text: string, offset: number): JsonFault {
  return { reason: offset >= text.length ? 'it ends too early' : 'unexpected character', offset };
}
