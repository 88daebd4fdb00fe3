import { describe, expect, test } from 'vitest';
import { buildSignal, type Json } from '../../test/support/builders/evidence.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import { findSignalFaults, formatSignalFile } from './emit.ts';
import type { LearningSignal } from './schema.ts';

const faultsOf = (overrides: Json) =>
  findSignalFaults(buildSignal(overrides)).map(({ code, args }) => [code, args['field']]);

describe('formatSignalFile', () => {
  test('is read back as what it was', () => {
    const signal = buildSignal({
      tags: ['x'],
      metrics: { a: 1, b: null, c: 'x', d: true },
    }) as unknown as LearningSignal;
    const { path, text } = formatSignalFile(signal);
    expect(path).toBe('reports/learning_snippets/backtest-1.json');
    expect(JSON.parse(text)).toEqual(signal);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('throws on a signal that is not valid: it is never written', () => {
    expect(() => formatSignalFile(buildSignal({ confidence: 2 }) as unknown as LearningSignal)).toThrow();
  });

  test.each(HOSTILE_TEXTS)('never leaves the evidence folder: $name', ({ text }) => {
    const signal = buildSignal({ signal_id: text }) as unknown as LearningSignal;
    if (findSignalFaults(signal).length === 0) {
      expect(formatSignalFile(signal).path).toMatch(
        /^reports\/learning_snippets\/[A-Za-z0-9_.-]{1,64}\.json$/,
      );
    }
  });
});

describe('findSignalFaults', () => {
  test('finds nothing against a signal', () => {
    expect(faultsOf({})).toEqual([]);
  });

  test.each<readonly [string, Json, string]>([
    ['an unknown field', { extra: 1 }, 'signal'],
    ['another version', { schema_version: 2 }, 'schema_version'],
    ['an id with a slash', { signal_id: '../x' }, 'signal_id'],
    ['a time without a date', { created_at: '03:00' }, 'created_at'],
    ['a confidence in percent', { confidence: 90 }, 'confidence'],
    ['a confidence that is not a number', { confidence: Number.NaN }, 'confidence'],
    ['half an observation', { sample_size: 0.5 }, 'sample_size'],
    ['no changes', { recommended_changes: undefined }, 'recommended_changes'],
    [
      'a target on a prototype',
      { recommended_changes: [{ target: '__proto__', new_value: 1 }] },
      'recommended_changes.0.target',
    ],
    [
      'an infinite value',
      { recommended_changes: [{ target: 'a', new_value: Number.POSITIVE_INFINITY }] },
      'recommended_changes.0.new_value',
    ],
    [
      'a null value',
      { recommended_changes: [{ target: 'a', new_value: null }] },
      'recommended_changes.0.new_value',
    ],
    ['an infinite measurement', { metrics: { a: Number.POSITIVE_INFINITY } }, 'metrics.a'],
  ])('names the field of %s', (_, overrides, field) => {
    expect(faultsOf(overrides)).toEqual([['FIELD_INVALID', field]]);
  });

  test('names all at once', () => {
    expect(faultsOf({ confidence: 2, quality: -1, tags: ['a b'] }).map(([, field]) => field)).toEqual([
      'confidence',
      'quality',
      'tags.0',
    ]);
  });

  test('finds a value that the reader would not take', () => {
    expect(faultsOf({ recommended_changes: [{ target: 'a', new_value: 'a\ud800' }] })).toHaveLength(1);
  });
});
