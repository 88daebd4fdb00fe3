/** A value that a parameter can have: what TOML and JSON share. Numbers are finite. */
export type Scalar = number | string | boolean;

/** The type of a parameter in the base configuration; TOML tells integers and floats apart. */
export type ParameterType = 'integer' | 'float' | 'string' | 'boolean';

/** One parameter of a configuration. */
export interface Parameter {
  readonly type: ParameterType;
  readonly value: Scalar;
}

/** Whether two parameters have one type and one value, or both are none; 0 and -0 differ, NaN equals itself. */
export function isSameParameter(a: Parameter | null | undefined, b: Parameter | null | undefined): boolean {
  return a?.type === b?.type && Object.is(a?.value, b?.value);
}

/**
 * Whether a value can stand where the base configuration has `type`. A number is never a boolean; an integer
 * parameter takes whole numbers that a double holds exactly (|n| ≤ 2^53 − 1); a float parameter takes any finite number.
 */
export function fitsType(value: Scalar, type: ParameterType): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case 'float':
      return isExactNumber(value);
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
  }
}

/** A finite number whose text form names exactly one value: no whole number beyond 2^53 − 1, no negative zero. */
export function isExactNumber(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) return false;
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}

/** A scalar as text for people and artifacts: JSON, but a float parameter shows its point (`2.0`). */
export function formatScalar(value: Scalar, type?: ParameterType): string {
  if (typeof value === 'number' && type === 'float' && Number.isInteger(value)) {
    return Math.abs(value) < 1e21 ? value.toFixed(1) : JSON.stringify(value);
  }
  // The same text, in half the time.
  return Number.isFinite(value) ? String(value) : JSON.stringify(value);
}

/** No lone surrogate: only such a text can be written as UTF-8. */
export function isWellFormedText(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text);
}
