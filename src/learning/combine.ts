import type { Scalar } from '../kernel/scalar.ts';
import type { PatchConflict } from './config-patch.ts';
import type { EvidenceRow } from './evidence-table.ts';

/** What several pieces of evidence say together. */
export interface Combined {
  readonly value: Scalar;
  readonly confidence: number | null;
  readonly sampleSize: number | null;
  readonly conflict: PatchConflict | null;
  /** The distinct pieces of evidence that counted, newest first, then by file and line. */
  readonly rows: readonly EvidenceRow[];
}

/** Half of the weight is half of it although binary sums of decimal weights differ in their last bits. */
const HALF_TOLERANCE = 1 - 1e-12;

/** Confidence is kept to a billionth, so that a mean of equal numbers is that number. */
const CONFIDENCE_STEPS = 1e9;
/** Below every confidence. */
const NONE = -1;

/**
 * Combines the evidence about one target (statistics.md D.4). Evidence told twice counts once. Numbers: the lower weighted
 * median, weight = confidence × quality × 2^−⌊age ÷ half-life⌋, age against the newest evidence, so that the result does
 * not change while only time passes. Texts and booleans: the heaviest, and a conflict when they differ. Confidence: the
 * mean weighted by quality and age, never above the largest; evidence without one counts as 0. One piece of evidence is
 * passed on as it is. The order of `rows` does not matter; there must be at least one.
 */
export function combineEvidence(
  rows: readonly EvidenceRow[],
  live: Scalar | null,
  halfLifeMs: number,
): Combined {
  const [only] = rows;
  if (only !== undefined && rows.length === 1) {
    const { value, confidence, sampleSize } = only;
    return { value, confidence, sampleSize, conflict: null, rows };
  }
  const { distinct, contradicting } = withoutRepetition(rows);
  const weighed = weigh(distinct, halfLifeMs);
  const conflict = contradicting ? 'experiment' : findConflict(distinct, live);
  return {
    value: chooseValue(weighed),
    confidence: poolConfidence(weighed),
    sampleSize: sumSampleSizes(distinct),
    conflict,
    rows: distinct,
  };
}

/** One row per identity: the newest, then the least confident. Different values under one identity contradict. */
function withoutRepetition(rows: readonly EvidenceRow[]): {
  distinct: readonly EvidenceRow[];
  contradicting: boolean;
} {
  const distinct: EvidenceRow[] = [];
  const byIdentity = new Map<string, EvidenceRow>();
  let contradicting = false;
  for (const row of [...rows].sort(compareRows)) {
    const kept = byIdentity.get(row.identity);
    if (kept !== undefined) contradicting ||= kept.value !== row.value;
    else {
      byIdentity.set(row.identity, row);
      distinct.push(row);
    }
  }
  return { distinct, contradicting };
}

/** A total order on content first and place last: which of two equal rows stands first cannot show in a value. */
function compareRows(a: EvidenceRow, b: EvidenceRow): number {
  return (
    compare(b.time ?? Number.NEGATIVE_INFINITY, a.time ?? Number.NEGATIVE_INFINITY) ||
    compare(a.confidence ?? 0, b.confidence ?? 0) ||
    compareScalars(a.value, b.value) ||
    compareDetails(a, b) ||
    compare(a.path, b.path) ||
    compare(a.line, b.line)
  );
}

/** What else two reports of one experiment may differ in. */
function compareDetails(a: EvidenceRow, b: EvidenceRow): number {
  return (
    compare(a.traits.quality, b.traits.quality) ||
    compare(a.traits.source, b.traits.source) ||
    compare(a.sampleSize ?? -1, b.sampleSize ?? -1) ||
    compare(a.expiresAt ?? 0, b.expiresAt ?? 0) ||
    compareScalars(a.claimedOld ?? '', b.claimedOld ?? '')
  );
}

interface Weighed {
  readonly row: EvidenceRow;
  /** quality × age decay. */
  readonly trust: number;
}

function weigh(rows: readonly EvidenceRow[], halfLifeMs: number): readonly Weighed[] {
  let newest = Number.NEGATIVE_INFINITY;
  let oldest = Number.POSITIVE_INFINITY;
  for (const { time } of rows) {
    if (time === null) continue;
    if (time > newest) newest = time;
    if (time < oldest) oldest = time;
  }
  const dated = newest >= oldest;
  return rows.map((row) => {
    const age = dated ? newest - (row.time ?? oldest) : 0;
    return { row, trust: row.traits.quality * 2 ** -Math.min(Math.floor(age / halfLifeMs), 60) };
  });
}

function chooseValue(weighed: readonly Weighed[]): Scalar {
  const weights = weightsByValue(weighed);
  const values = [...weights.keys()].sort(compareScalars);
  return values.every((value) => typeof value === 'number')
    ? lowerWeightedMedian(values, weights)
    : heaviest(values, weights);
}

/** Confidence × trust; where nobody is confident, each piece counts as one. */
function weightsByValue(weighed: readonly Weighed[]): ReadonlyMap<Scalar, number> {
  const confident = weighed.some(({ row, trust }) => (row.confidence ?? 0) * trust > 0);
  const weights = new Map<Scalar, number>();
  for (const { row, trust } of weighed) {
    const weight = confident ? (row.confidence ?? 0) * trust : 1;
    weights.set(row.value, (weights.get(row.value) ?? 0) + weight);
  }
  return weights;
}

function lowerWeightedMedian(values: readonly Scalar[], weights: ReadonlyMap<Scalar, number>): Scalar {
  const weightOf = (value: Scalar): number => weights.get(value) as number;
  const total = values.reduce((sum: number, value) => sum + weightOf(value), 0);
  let below = 0;
  for (const value of values) {
    below += weightOf(value);
    if (below * 2 >= total * HALF_TOLERANCE && weightOf(value) > 0) return value;
  }
  return values.at(-1) as Scalar;
}

function heaviest(values: readonly Scalar[], weights: ReadonlyMap<Scalar, number>): Scalar {
  const weightOf = (value: Scalar): number => weights.get(value) as number;
  return values.reduce((best, value) => (weightOf(value) > weightOf(best) ? value : best));
}

function poolConfidence(weighed: readonly Weighed[]): number | null {
  const trusted = weighed.some(({ trust }) => trust > 0);
  let sum = 0;
  let total = 0;
  let largest = NONE;
  for (const { row, trust } of weighed) {
    const weight = trusted ? trust : 1;
    sum += (row.confidence ?? 0) * weight;
    total += weight;
    largest = Math.max(largest, row.confidence ?? NONE);
  }
  if (largest === NONE) return null;
  if (weighed.length === 1) return largest;
  return Math.min(Math.round((sum / total) * CONFIDENCE_STEPS) / CONFIDENCE_STEPS, largest);
}

function sumSampleSizes(rows: readonly EvidenceRow[]): number | null {
  let sum = 0;
  let given = false;
  for (const { sampleSize } of rows) {
    if (sampleSize === null) continue;
    sum += sampleSize;
    given = true;
  }
  return given ? sum : null;
}

function findConflict(rows: readonly EvidenceRow[], live: Scalar | null): PatchConflict | null {
  const first = rows[0] as EvidenceRow;
  const numbers = rows.every(({ value }) => typeof value === 'number');
  if (!numbers) return rows.some(({ value }) => value !== first.value) ? 'disagreement' : null;
  if (typeof live !== 'number') return null;
  const up = rows.some(({ value }) => (value as number) > live);
  const down = rows.some(({ value }) => (value as number) < live);
  return up && down ? 'direction' : null;
}

function compareScalars(a: Scalar, b: Scalar): number {
  return typeof a === typeof b ? compare(a, b) : compare(typeof a, typeof b);
}

function compare<T extends Scalar>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
