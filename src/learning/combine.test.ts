import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import { buildRow } from '../../test/support/builders/evidence.ts';
import { DAY_MS, type Instant } from '../kernel/instant.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { combineEvidence } from './combine.ts';
import type { EvidenceRow } from './evidence-table.ts';

const HALF_LIFE = 7 * DAY_MS;
const combine = (rows: readonly EvidenceRow[], live: Scalar | null = 1) =>
  combineEvidence(rows, live, HALF_LIFE);
const rowsOf = (...parts: readonly Partial<EvidenceRow>[]) =>
  parts.map((part, file) => buildRow({ file, ...part }));
const quality = (weight: number) => ({ source: 'x', tags: [], liveReady: true, quality: weight });

describe('combineEvidence: one piece', () => {
  test('is passed on as it is', () => {
    const row = buildRow({
      value: 'weekly',
      confidence: 0.123456789012345,
      sampleSize: 7,
      traits: quality(0.1),
    });
    expect(combine([row])).toEqual({
      value: 'weekly',
      confidence: 0.123456789012345,
      sampleSize: 7,
      conflict: null,
      rows: [row],
    });
  });

  test('counts once when it is told three times', () => {
    const rows = rowsOf(
      { identity: 'x', confidence: 0.8 },
      { identity: 'x', confidence: 0.8 },
      { identity: 'x', confidence: 0.8 },
    );
    expect(combine(rows)).toMatchObject({ confidence: 0.8, conflict: null, rows: [rows[0]] });
  });

  test('told with different confidence is the newest, then the least confident', () => {
    const newer = at('2026-11-21T23:00:00Z');
    const rows = rowsOf(
      { identity: 'x', confidence: 0.99 },
      { identity: 'x', confidence: 0.9, time: newer },
      { identity: 'x', confidence: 0.7, time: newer },
    );
    expect(combine(rows).confidence).toBe(0.7);
  });

  test('told with different values contradicts itself', () => {
    expect(combine(rowsOf({ identity: 'x', value: 1.25 }, { identity: 'x', value: 1.5 }))).toMatchObject({
      conflict: 'experiment',
    });
  });
});

describe('combineEvidence: the lower weighted median', () => {
  test.each<readonly [string, readonly (readonly [value: number, confidence: number | null])[], number]>([
    [
      'equal weights, odd',
      [
        [1, 0.8],
        [2, 0.8],
        [9, 0.8],
      ],
      2,
    ],
    [
      'equal weights, even: the lower',
      [
        [1, 0.8],
        [2, 0.8],
        [3, 0.8],
        [4, 0.8],
      ],
      2,
    ],
    [
      'one outweighs',
      [
        [1, 0.9],
        [2, 0.1],
        [3, 0.1],
      ],
      1,
    ],
    [
      'half the weight is enough',
      [
        [1, 0.5],
        [2, 0.25],
        [3, 0.25],
      ],
      1,
    ],
    [
      'half the weight is enough, in decimals',
      [
        [1, 0.3],
        [2, 0.1],
        [3, 0.2],
      ],
      1,
    ],
    [
      'no confidence at all: each weighs the same',
      [
        [3, null],
        [1, null],
        [2, null],
      ],
      2,
    ],
    [
      'a missing confidence weighs nothing beside others',
      [
        [1, null],
        [5, 0.1],
      ],
      5,
    ],
    [
      'confidence zero weighs nothing beside others',
      [
        [1, 0],
        [2, 0],
        [5, 0.1],
      ],
      5,
    ],
    [
      'an outlier changes nothing',
      [
        [1.2, 0.8],
        [1.25, 0.8],
        [1e15, 0.8],
      ],
      1.25,
    ],
  ])('%s', (_, pairs, expected) => {
    expect(combine(rowsOf(...pairs.map(([value, confidence]) => ({ value, confidence })))).value).toBe(
      expected,
    );
  });

  test('weighs by quality', () => {
    expect(combine(rowsOf({ value: 1, traits: quality(0.2) }, { value: 2, traits: quality(1) })).value).toBe(
      2,
    );
  });

  test('weighs evidence of a half-life ago half', () => {
    const newest = at('2026-11-21T00:00:00Z');
    const old = (days: number) => (newest - days * DAY_MS) as Instant;
    const value = (days: number) =>
      combine(
        rowsOf(
          { value: 1, time: old(days), confidence: 0.9 },
          { value: 1.1, time: old(days), confidence: 0.9 },
          { value: 2, time: newest, confidence: 0.9 },
        ),
      ).value;
    expect([value(0), value(6.9), value(7), value(13.9), value(14), value(400)]).toEqual([
      1.1, 1.1, 1.1, 1.1, 2, 2,
    ]);
  });

  test('does not change while only time passes', () => {
    const rows = rowsOf(
      { value: 1, time: at('2026-11-01') },
      { value: 2, time: at('2026-11-20'), confidence: 0.5 },
    );
    const later = rows.map((row) => ({ ...row, time: ((row.time ?? 0) + 30 * DAY_MS) as Instant }));
    expect(combine(later).value).toBe(combine(rows).value);
    expect(combine(later).confidence).toBe(combine(rows).confidence);
  });

  test('takes undated evidence for as old as the oldest', () => {
    const rows = rowsOf(
      { value: 1, time: null },
      { value: 2, time: at('2026-11-20') },
      { value: 3, time: at('2026-10-01'), confidence: 0.01 },
    );
    expect(combine(rows).value).toBe(2);
  });
});

describe('combineEvidence: texts and booleans', () => {
  test('must agree', () => {
    expect(combine(rowsOf({ value: 'weekly' }, { value: 'weekly' }), 'daily')).toMatchObject({
      value: 'weekly',
      conflict: null,
    });
    expect(combine(rowsOf({ value: true }, { value: false }), true).conflict).toBe('disagreement');
  });

  test('yield the heaviest, and a conflict, when they differ', () => {
    const rows = rowsOf(
      { value: 'a', confidence: 0.6 },
      { value: 'b', confidence: 0.5 },
      { value: 'b', confidence: 0.5 },
    );
    expect(combine(rows, 'c')).toMatchObject({ value: 'b', conflict: 'disagreement' });
  });

  test('disagree with numbers', () => {
    expect(combine(rowsOf({ value: 1 }, { value: '1' })).conflict).toBe('disagreement');
    expect(combine(rowsOf({ value: 1 }, { value: true })).conflict).toBe('disagreement');
  });
});

describe('combineEvidence: direction', () => {
  test.each<readonly [readonly number[], Scalar | null, string | null]>([
    [[1.25, 1.5], 1, null],
    [[0.5, 1.5], 1, 'direction'],
    [[1, 1.5], 1, null],
    [[0.5, 1.5], null, null],
    [[0.5, 1.5], 'daily', null],
  ])('%j about a live %j: %s', (values, live, conflict) => {
    expect(combine(rowsOf(...values.map((value) => ({ value }))), live).conflict).toBe(conflict);
  });
});

describe('combineEvidence: confidence', () => {
  const row = fc.record({
    value: fc.constantFrom(1, 1.5, 2),
    confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    quality: fc.double({ min: 0, max: 1, noNaN: true }),
    time: fc.option(fc.integer({ min: 0, max: 60 }).map((day) => (day * DAY_MS) as Instant)),
    identity: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  });
  const evidence = fc
    .array(row, { minLength: 1, maxLength: 8 })
    .map((parts) => parts.map((part, file) => buildRow({ ...part, file, traits: quality(part.quality) })));

  test('is the mean weighted by quality', () => {
    expect(
      combine(rowsOf({ confidence: 0.9, traits: quality(1) }, { confidence: 0.6, traits: quality(0.5) }))
        .confidence,
    ).toBe(0.8);
  });

  test('is that number where all say the same', () => {
    expect(combine(rowsOf({ confidence: 0.1 }, { confidence: 0.1 }, { confidence: 0.1 })).confidence).toBe(
      0.1,
    );
  });

  test('counts evidence without one as zero', () => {
    expect(combine(rowsOf({ confidence: 0.9 }, { confidence: null })).confidence).toBe(0.45);
    expect(combine(rowsOf({ confidence: null }, { confidence: null })).confidence).toBeNull();
  });

  test('never exceeds the largest, nor leaves 0 to 1', () => {
    fc.assert(
      fc.property(evidence, (rows) => {
        const { confidence } = combine(rows);
        const largest = Math.max(...rows.map((found) => found.confidence ?? 0));
        if (confidence !== null) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(largest);
        }
      }),
    );
  });

  test('does not grow by repetition', () => {
    fc.assert(
      fc.property(evidence, (rows) => combine([...rows, ...rows]).confidence === combine(rows).confidence),
    );
  });

  test('and value do not depend on the order', () => {
    fc.assert(
      fc.property(evidence, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (rows, keys) => {
        const shuffled = rows
          .map((found, i) => [keys[i] ?? 0, found] as const)
          .sort(([a], [b]) => a - b)
          .map(([, found]) => found);
        expect(combine(shuffled)).toEqual(combine(rows));
      }),
    );
  });

  test('and value lie among what was given', () => {
    fc.assert(fc.property(evidence, (rows) => rows.some(({ value }) => value === combine(rows).value)));
  });
});

test('combineEvidence adds up the observations of distinct evidence', () => {
  expect(combine(rowsOf({ sampleSize: 100 }, { sampleSize: 50 }, { sampleSize: null })).sampleSize).toBe(150);
  expect(
    combine(rowsOf({ sampleSize: 100, identity: 'x' }, { sampleSize: 100, identity: 'x' })).sampleSize,
  ).toBe(100);
  expect(combine(rowsOf({}, {})).sampleSize).toBeNull();
});
