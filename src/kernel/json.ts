import { endOfString, findJsonFault, type JsonFault } from './json-fault.ts';

/** A parsed JSON value, and how many `NaN`, `Infinity` or `-Infinity` tokens were read as null. */
export interface TolerantJson {
  readonly value: unknown;
  readonly nonFiniteTokens: number;
}

/**
 * Lists, objects and commas in one text that is read: a value takes up to 230 bytes of memory, however short it is written
 * (measured: keys that are all different), and more until the garbage collector has seen it. A patch of twelve fields has about 18.
 */
export const MAX_JSON_VALUES = 200_000;

/**
 * Reads JSON, and also the tokens NaN, Infinity and -Infinity that Python's `json.dump` writes: they become null,
 * "not measured" (`upstream-formats.md` A.5, trap 1). A leading byte order mark is skipped. `locate` finds out where a broken text
 * breaks, which takes longer than reading it. A text of over `MAX_JSON_VALUES` values is refused before it takes memory.
 */
export function parseTolerantJson(text: string, locate = true): TolerantJson | JsonFault {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const excess = findExcess(source);
  if (excess !== null) return { reason: 'too many values', offset: excess + text.length - source.length };
  try {
    return { value: JSON.parse(source) as unknown, nonFiniteTokens: 0 };
  } catch {
    if (source.includes('NaN') || source.includes('Infinity')) {
      const cleaned = replaceNonFiniteTokens(source);
      try {
        return { value: JSON.parse(cleaned.text) as unknown, nonFiniteTokens: cleaned.count };
      } catch {
        // the first reason stands: the text is broken even without these tokens
      }
    }
    if (!locate) return NOT_LOCATED;
    const { reason, offset } = findJsonFault(source);
    return { reason, offset: offset + text.length - source.length };
  }
}

/** Whether parsing failed. */
export function isJsonFault(result: TolerantJson | JsonFault): result is JsonFault {
  return 'reason' in result;
}

const NOT_LOCATED: JsonFault = { reason: 'unexpected character', offset: 0 };

const QUOTE = 0x22;
const COMMA = 0x2c;
const LIST = 0x5b;
const OBJECT = 0x7b;

/** Where one value too many begins, or null. A text has no more values than characters, so short ones need no look. */
function findExcess(text: string): number | null {
  if (text.length <= MAX_JSON_VALUES) return null;
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const char = text.charCodeAt(at);
    if (char === LIST || char === OBJECT || char === COMMA) count += 1;
    if (count > MAX_JSON_VALUES) return at;
    at = char === QUOTE ? endOfString(text, at) : at + 1;
  }
  return null;
}

const TOKEN = /-?Infinity(?![\w.])|NaN(?![\w.])/y;

/** Goes over strings in one step each, so that a token inside a text is never touched. */
function replaceNonFiniteTokens(text: string): { text: string; count: number } {
  const parts: string[] = [];
  let count = 0;
  let kept = 0;
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    TOKEN.lastIndex = at;
    const token = char === 'N' || char === 'I' || char === '-' ? TOKEN.exec(text) : null;
    if (token !== null) {
      parts.push(text.slice(kept, at), 'null');
      at += token[0].length;
      kept = at;
      count += 1;
    } else {
      at = char === '"' ? endOfString(text, at) : at + 1;
    }
  }
  return { text: parts.join('') + text.slice(kept), count };
}

/** Line and column, both from 1, of a character offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
