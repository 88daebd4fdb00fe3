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
const FORBIDDEN_SEGMENT = /(?:^|\.)(__proto__|prototype|constructor)(?:\.|$)/i;

/** Says what keeps a text from being a target, or null. */
export function findTargetFault(text: string): TargetFault | null {
  if (text === '') return 'is empty';
  if (text.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!TARGET.test(text)) return 'has a character that is not allowed';
  if (countSegments(text) > MAX_SEGMENTS) return `is nested deeper than ${MAX_SEGMENTS} segments`;
  const forbidden = FORBIDDEN_SEGMENT.exec(text)?.[1];
  return forbidden === undefined ? null : `has the forbidden segment "${forbidden}"`;
}

function countSegments(text: string): number {
  let count = 1;
  for (let at = text.indexOf('.'); at !== -1; at = text.indexOf('.', at + 1)) count += 1;
  return count;
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

/** Whether a word is one of a target's words. Splitting is slow, and most targets do not hold the word at all. */
export function hasWord(target: string, word: string): boolean {
  return target.toLowerCase().includes(word) && targetWords(target).includes(word);
}

/**
 * Whether a pattern names exactly this target. Case-sensitive, whole segments; `*` is one segment, and as the last
 * segment one or more. For lists that allow: a prefix allows nothing.
 */
export function patternNames(pattern: string, target: string): boolean {
  return relate(pattern, target) === 'names';
}

/**
 * Whether a pattern covers this target or something above or below it. Case-insensitive, whole segments:
 * `live.api_keys` covers `Live.API_Keys.binance` and the table `live`, `strategy.name` does not cover
 * `strategy.name_suffix`. For lists that forbid: in doubt it covers.
 */
export function patternCovers(pattern: string, target: string): boolean {
  if (beginApart(pattern.charCodeAt(0), target.charCodeAt(0))) return false;
  return relate(pattern.toLowerCase(), target.toLowerCase()) !== 'apart';
}

/** Whether two first characters differ in more than case, which decides nearly all pairs; only ASCII is told, and no wildcard. */
function beginApart(a: number, b: number): boolean {
  return a < 0x80 && b < 0x80 && a !== WILDCARD && ((a ^ b) & ~CASE_BIT) !== 0;
}

/** `*`, and the bit in which an ASCII letter differs from its other case. */
const WILDCARD = 0x2a;
const CASE_BIT = 0x20;

/**
 * Compares segment by segment, without splitting: a cycle asks this a million times. `touches`: one of both is a prefix of
 * the other in whole segments.
 */
function relate(pattern: string, target: string): 'names' | 'touches' | 'apart' {
  for (let p = 0, t = 0; ; ) {
    const pEnd = endOfSegment(pattern, p);
    const tEnd = endOfSegment(target, t);
    const isAny = pEnd === p + 1 && pattern[p] === '*';
    if (!isAny) {
      // Most pairs differ in their first character; only the others are worth two slices.
      if (pattern[p] !== target[t] || pattern.slice(p, pEnd) !== target.slice(t, tEnd)) return 'apart';
    }
    const patternEnds = pEnd === pattern.length;
    const targetEnds = tEnd === target.length;
    if (patternEnds && (targetEnds || isAny)) return 'names';
    if (patternEnds || targetEnds) return 'touches';
    p = pEnd + 1;
    t = tEnd + 1;
  }
}

function endOfSegment(path: string, start: number): number {
  const end = path.indexOf('.', start);
  return end === -1 ? path.length : end;
}
