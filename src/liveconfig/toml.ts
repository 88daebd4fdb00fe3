import { parse, TomlDate, TomlError } from 'smol-toml';
import { type Problem, problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Parameter, ParameterType, Scalar } from '../kernel/scalar.ts';

/** A TOML value as read: whole numbers are bigints, so that 1 and 1.0 stay apart. */
export type TomlValue = string | number | bigint | boolean | TomlDate | TomlTable | readonly TomlValue[];

/** A TOML table. Own keys only; never look a key up without `Object.hasOwn`. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** Deeper tables are no configuration, and must not exhaust the stack of whoever walks them. */
const MAX_DEPTH = 32;

/** Reads TOML. Fails with one TOML_INVALID at its line and column, also when tables are nested deeper than 32. */
export function parseToml(text: string, file: string): Result<TomlTable> {
  try {
    const table = parse(text, { integersAsBigInt: true }) as TomlTable;
    return isDeeperThan(table, MAX_DEPTH) ? fail(tooDeep(file)) : ok(table);
  } catch (error) {
    if (error instanceof RangeError) return fail(tooDeep(file));
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.replace(/^Invalid TOML document: /, '').split('\n')[0] ?? 'syntax error';
    return fail(problem('TOML_INVALID', { reason }, { file, line: error.line, column: error.column }));
  }
}

function tooDeep(file: string): Problem {
  return problem('TOML_INVALID', { reason: `it is nested deeper than ${MAX_DEPTH} levels` }, { file });
}

/** By keys, like all walks over parsed tables: they are dictionaries, whose entries take four times as long to list. */
function isDeeperThan(value: TomlValue, levels: number): boolean {
  if (Array.isArray(value))
    return levels === 0 || value.some((item: TomlValue) => isDeeperThan(item, levels - 1));
  if (!isTable(value)) return false;
  return levels === 0 || Object.keys(value).some((key) => isDeeperThan(value[key] as TomlValue, levels - 1));
}

/** Whether a TOML value is a table (dates and arrays are none). */
export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof TomlDate);
}

/** The parameter type of a TOML value, or null for tables, arrays and dates. */
export function parameterTypeOf(value: TomlValue | undefined): ParameterType | null {
  switch (typeof value) {
    case 'bigint':
      return 'integer';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    default:
      return null;
  }
}

/** A TOML scalar as a plain value. Only for values whose `parameterTypeOf` is not null. */
export function toScalar(value: TomlValue): Scalar {
  return typeof value === 'bigint' ? Number(value) : (value as Scalar);
}

/** A parameter as TOML reads it: the opposite of `toScalar`. */
export function toTomlValue({ type, value }: Parameter): TomlValue {
  return type === 'integer' ? BigInt(value) : value;
}

/** What a value is, for people: `a table`, `an integer`, … */
export function describeTomlType(value: TomlValue | undefined): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof TomlDate) return 'a date';
  if (isTable(value)) return 'a table';
  return describeParameterType(parameterTypeOf(value) as ParameterType);
}

/** `an integer`, `a float`, `a text`, `a boolean`. */
export function describeParameterType(type: ParameterType): string {
  return { integer: 'an integer', float: 'a float', string: 'a text', boolean: 'a boolean' }[type];
}

/** A scalar in TOML. Floats keep their point; texts are basic strings with every unprintable character escaped. */
export function formatTomlScalar(value: Scalar, type: ParameterType): string {
  if (typeof value === 'string') return formatTomlString(value);
  if (typeof value === 'boolean' || type === 'integer') return String(value);
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A TOML basic string; also the form of a quoted key. */
export function formatTomlString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
