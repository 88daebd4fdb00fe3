/** A parsed JSON value, and how many `NaN`, `Infinity` or `-Infinity` tokens were read as null. */
export interface TolerantJson {
  readonly value: unknown;
  readonly nonFiniteTokens: number;
}

/** A JSON text that could not be read; `offset` is the character where reading stopped, where that is known. */
export interface JsonFault {
  readonly reason: string;
  readonly offset: number | null;
}

/**
 * Reads JSON, and also the tokens NaN, Infinity and -Infinity that Python's `json.dump` writes: they become null,
 * "not measured" (`upstream-formats.md` A.5, trap 1). A leading byte order mark is skipped.
 */
export function parseTolerantJson(text: string): TolerantJson | JsonFault {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    return { value: JSON.parse(source) as unknown, nonFiniteTokens: 0 };
  } catch (error) {
    if (source.includes('NaN') || source.includes('Infinity')) {
      const cleaned = replaceNonFiniteTokens(source);
      try {
        return { value: JSON.parse(cleaned.text) as unknown, nonFiniteTokens: cleaned.count };
      } catch {
        // the first reason stands: the text is broken even without these tokens
      }
    }
    return faultOf(error, source);
  }
}

/** Whether parsing failed. */
export function isJsonFault(result: TolerantJson | JsonFault): result is JsonFault {
  return 'reason' in result;
}

/** Alternation order matters: a whole string is eaten first, so a token inside a text is never touched. */
const STRING_OR_TOKEN = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

function replaceNonFiniteTokens(text: string): { text: string; count: number } {
  let count = 0;
  const replaced = text.replace(STRING_OR_TOKEN, (match) => {
    if (match.startsWith('"')) return match;
    count += 1;
    return 'null';
  });
  return { text: replaced, count };
}

/** V8 words its reasons differently in each version and quotes the input; keep what is stable and ours to say. */
function faultOf(error: unknown, source: string): JsonFault {
  const message = error instanceof Error ? error.message : '';
  if (/end of JSON input|Unterminated/.test(message))
    return { reason: 'it ends too early', offset: source.length };
  const position = /position (\d+)/.exec(message)?.[1];
  return { reason: 'unexpected character', offset: position === undefined ? null : Number(position) };
}

/** Line and column, both from 1, of a character offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
