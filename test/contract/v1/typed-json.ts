import { type TomlValue, toScalar } from '../../../src/liveconfig/index.ts';
import { formatTomlScalar } from '../../../src/liveconfig/toml.ts';

/** A number as it was written: `2`, `2.0` and `1e999` stay apart, which `JSON.parse` forgets. */
export interface WrittenNumber {
  readonly $number: string;
}

/** JSON with its numbers as written. */
export type TypedJson =
  | string
  | boolean
  | null
  | WrittenNumber
  | readonly TypedJson[]
  | { readonly [key: string]: TypedJson };

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?\bInfinity\b|\bNaN\b/gs;

/** Reads JSON, also with Python's NaN tokens, and keeps how numbers were written. Throws SyntaxError. */
export function parseTypedJson(text: string): TypedJson {
  const tagged = text.replace(STRING_OR_NUMBER, (match) =>
    match.startsWith('"') ? match : JSON.stringify({ $number: match }),
  );
  return JSON.parse(tagged) as TypedJson;
}

/** Whether a value is a number, as written. */
export function isWrittenNumber(value: TypedJson | undefined): value is WrittenNumber {
  return typeof value === 'object' && value !== null && '$number' in value;
}

/** Whether a number was written as a float: with a point or an exponent. */
export function isWrittenFloat(value: TypedJson | undefined): boolean {
  return isWrittenNumber(value) && /[.eE]/.test(value.$number);
}

/** The items of a JSON list as they are written, or null when the text is no list. */
export function splitJsonList(text: string): readonly string[] | null {
  if (!Array.isArray(tryParse(text))) return null;
  const inner = text.slice(text.indexOf('[') + 1, text.lastIndexOf(']'));
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of inner.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    else if (token === ',' && depth === 0) {
      items.push(inner.slice(start, index));
      start = index + 1;
    }
  }
  return inner.trim() === '' ? [] : [...items, inner.slice(start)];
}

function tryParse(text: string): TypedJson | undefined {
  try {
    return parseTypedJson(text);
  } catch {
    return undefined;
  }
}

/** A JSON scalar in TOML notation; a number stays as it was written. Null for anything else. */
export function toTomlText(value: TypedJson | undefined): string | null {
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  return isWrittenNumber(value) ? value.$number : null;
}

/** `target = value` lines, sorted, in which 2 and 2.0 differ: a table of overrides that can be compared. */
export function overrideLines(overrides: Iterable<readonly [string, TomlValue]>): readonly string[] {
  return [...overrides].map(([target, value]) => `${target} = ${showToml(value)}`).sort();
}

/** A TOML value as text: scalars as they are written in TOML, the rest as JSON. */
export function showToml(value: TomlValue): string {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      return formatTomlScalar(value, 'float');
    case 'object':
      return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
    default:
      return JSON.stringify(toScalar(value));
  }
}
