import type { Scalar } from '../kernel/scalar.ts';
import { hasWord, patternCovers } from '../kernel/target.ts';

/** A closed range that nothing may leave. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * Compiled in, by tag: 0 ≤ leverage ≤ 3.0 (product.md §4, seed.md §3.2). A policy may narrow them, never widen; learning
 * ignores them, governance, judge and loader each enforce them again.
 */
const HARD_LIMITS: Readonly<Record<string, Range>> = { leverage: { min: 0, max: 3 } };

/** Targets that nothing may ever override: they decide whether overrides apply at all (judge.md §3, class config). */
const NEVER_OVERRIDABLE = ['environment'] as const;

/** The compiled-in limit of a target, by its words and by tags that it carries beside them, or null. */
export function hardLimitOf(target: string, tags: readonly string[] = []): Range | null {
  for (const [tag, range] of LIMITS) {
    if (tags.includes(tag) || hasWord(target, tag)) return range;
  }
  return null;
}

/** Whether a compiled-in limit exists for a target, by its words. */
export function isLimited(target: string): boolean {
  return hardLimitOf(target) !== null;
}

const LIMITS = Object.entries(HARD_LIMITS);

/**
 * Whether a value stays inside a range. A text that reads as a number counts as that number; other texts and booleans
 * are outside nothing, because they are no amount.
 */
export function keepsRange(value: Scalar, range: Range): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'string' && (value.trim() === '' || Number.isNaN(Number(value)))) return true;
  const amount = Number(value);
  return amount >= range.min && amount <= range.max;
}

/** Whether a target can never be overridden, whatever a policy says. */
export function isNeverOverridable(target: string): boolean {
  return NEVER_OVERRIDABLE.some((pattern) => patternCovers(pattern, target));
}

/** `0 to 3`, for people; a side without an end is left out: `≤ 3`. */
export function formatRange({ min, max }: Range): string {
  if (min === Number.NEGATIVE_INFINITY) return `≤ ${max}`;
  return max === Number.POSITIVE_INFINITY ? `≥ ${min}` : `${min} to ${max}`;
}
