/** Why a text is no target; null when it is one. */
export type TargetFault =
  | 'is empty'
  | 'is longer than 200 characters'
  | 'is nested deeper than 12 segments'
  | string;

/** TOML bare keys, dotted. ASCII only: no look-alikes, bidi marks, quotes or line breaks can hide in one (ADR 0004). */
const TARGET = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
const MAX_LENGTH = 200;
const MAX_SEGMENTS = 12;
/** Segments that would reach an object's prototype in some loader written in JavaScript. */
const FORBIDDEN_SEGMENTS: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);

/** Says what keeps a text from being a target, or null. */
export function findTargetFault(text: string): TargetFault | null {
  if (text === '') return 'is empty';
  if (text.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!TARGET.test(text)) return 'has a character that is not allowed';
  const segments = text.split('.');
  if (segments.length > MAX_SEGMENTS) return `is nested deeper than ${MAX_SEGMENTS} segments`;
  const forbidden = segments.find((segment) => FORBIDDEN_SEGMENTS.has(segment.toLowerCase()));
  return forbidden === undefined ? null : `has the forbidden segment "${forbidden}"`;
}

/** The words of a target: split at `.`, `_`, `-` and camelCase, lower case. `macro.regimeWeight` → macro, regime, weight. */
export function targetWords(target: string): readonly string[] {
  return target
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[._-]+/)
    .filter((word) => word !== '');
}

/**
 * Whether a pattern names exactly this target. Case-sensitive, whole segments; `*` is one segment, and as the last
 * segment one or more. For lists that allow: a prefix allows nothing.
 */
export function patternNames(pattern: string, target: string): boolean {
  const wanted = pattern.split('.');
  const found = target.split('.');
  const open = wanted.at(-1) === '*';
  if (open ? found.length < wanted.length : found.length !== wanted.length) return false;
  return wanted.every((segment, i) => segment === '*' || segment === found[i]);
}

/**
 * Whether a pattern covers this target or something above or below it. Case-insensitive, whole segments:
 * `live.api_keys` covers `Live.API_Keys.binance` and the table `live`, `strategy.name` does not cover
 * `strategy.name_suffix`. For lists that forbid: in doubt it covers.
 */
export function patternCovers(pattern: string, target: string): boolean {
  const wanted = pattern.toLowerCase().split('.');
  if (wanted.at(-1) === '*') wanted.pop();
  const found = target.toLowerCase().split('.');
  return wanted.every((segment, i) => found[i] === undefined || segment === '*' || segment === found[i]);
}
