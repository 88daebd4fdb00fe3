import { describe, expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import {
  buildEvidencePatch,
  buildHealthSignal,
  buildSignal,
  type Json,
} from '../../test/support/builders/evidence.ts';
import { HOSTILE_TEXTS } from '../../test/support/hostile-text.ts';
import type { Problem } from '../kernel/problem.ts';
import type { EvidenceChange, HealthObservation } from './evidence-change.ts';
import { readRecord } from './read-record.ts';

function read(value: unknown) {
  const changes: EvidenceChange[] = [];
  const health: HealthObservation[] = [];
  const problems: Problem[] = [];
  const ids: string[] = [];
  const sink = {
    change: (change: EvidenceChange) => changes.push(change),
    health: (observation: HealthObservation) => health.push(observation),
    problem: (found: Problem) => problems.push(found),
    id: (id: string) => ids.push(id),
  };
  readRecord(
    value,
    {
      ...sink,
      change: (c) => void sink.change(c),
      health: (h) => void sink.health(h),
      problem: (p) => void sink.problem(p),
      id: (i) => void sink.id(i),
    },
    { file: 'a.json' },
  );
  return {
    changes,
    health,
    problems,
    ids,
    codes: problems.map(({ code, args }) => [code, args['field'] ?? '']),
  };
}

const signalWith = (change: Json) =>
  buildSignal({ recommended_changes: [{ target: 'a.b', new_value: 1, ...change }] });

describe('readRecord: shapes', () => {
  test.each<readonly [string, unknown, number]>([
    ['a signal', buildSignal(), 1],
    ['a signal without changes', buildSignal({ recommended_changes: [] }), 0],
    ['a patch', buildEvidencePatch(), 1],
    ['a list of patches', [buildEvidencePatch(), buildEvidencePatch({ target: 'a.b' })], 2],
    ['a list of signals and patches', [buildSignal(), buildEvidencePatch()], 2],
    ['a manifest of patches', { schema_version: 1, patches: [buildEvidencePatch()] }, 1],
    ['lists in lists', [[[buildEvidencePatch()]]], 1],
    ['a manifest of signals', { patches: [buildSignal()] }, 1],
    ['an empty list', [], 0],
    ['a health report without changes', buildHealthSignal(80, { recommended_changes: undefined }), 0],
  ])('reads %s', (_, value, changes) => {
    const found = read(value);
    expect(found.problems).toEqual([]);
    expect(found.changes).toHaveLength(changes);
  });

  test.each([null, 5, 'text', true, {}, { foo: 1 }, { patches: {} }, { signals: [] }])(
    'refuses %j',
    (value) => {
      expect(read(value).codes).toEqual([['SIGNAL_SHAPE', '']]);
    },
  );

  test('reads the rest around what is broken', () => {
    const found = read([
      5,
      buildEvidencePatch({ target: 'a.b' }),
      null,
      { patches: [{}, buildEvidencePatch({ target: 'c.d' })] },
    ]);
    expect(found.changes.map(({ target }) => target)).toEqual(['a.b', 'c.d']);
    expect(found.problems.map(({ code }) => code)).toEqual(['SIGNAL_SHAPE', 'SIGNAL_SHAPE', 'SIGNAL_SHAPE']);
  });

  test('ignores fields that it does not know, whatever they hold', () => {
    const extra = {
      toString: 1,
      valueOf: null,
      constructor: 'x',
      data_start: { toString: 1 },
      data_end: [[[]]],
      metrics: { a: { b: 1 } },
      summary: 5,
    };
    for (const value of [buildSignal(extra), buildEvidencePatch(extra)]) {
      const found = read(JSON.parse(JSON.stringify(value)));
      expect(found.changes).toHaveLength(1);
    }
  });

  test.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['manifests', '{"patches":['.repeat(50_000) + ']}'.repeat(50_000)],
    ['a value', `{"target":"a.b","new_value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    [
      'an old value',
      `{"target":"a.b","new_value":1,"old_value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ],
    [
      'metrics',
      `{"target":"a.b","new_value":1,"metrics":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
    ['dates', `{"target":"a.b","new_value":1,"data_start":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['tags', `{"target":"a.b","new_value":1,"tags":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('survives %s that are nested 100,000 deep', (_, text) => {
    expect(() => read(JSON.parse(text))).not.toThrow();
  });
});

describe('readRecord: fields', () => {
  test('takes a whole change', () => {
    const signal = buildSignal({
      tags: ['R_and_D', 'x', 'x'],
      quality: 0.5,
      expires_at: '2026-12-01',
      meta: { is_live_ready: false },
    });
    expect(read(signal).changes[0]).toMatchObject({
      target: 'portfolio.leverage',
      value: 1.25,
      claimedOld: 1,
      confidence: 0.9,
      sampleSize: 100,
      time: at('2026-11-21T22:00:00Z'),
      expiresAt: at('2026-12-01'),
      traits: { source: 'backtest', tags: ['r_and_d', 'x'], liveReady: false, quality: 0.5 },
    });
  });

  test('takes other names for the same fields', () => {
    const found = read({
      target: 'a.b',
      value: 'x',
      confidence_score: 0.8,
      generated_at: '2026-11-21 10:00:00',
    });
    expect(found.changes[0]).toMatchObject({
      value: 'x',
      confidence: 0.8,
      time: at('2026-11-21T10:00:00Z'),
      sampleSize: null,
    });
  });

  test('lets a change speak for itself before its signal', () => {
    const found = read(
      buildSignal({
        recommended_changes: [{ target: 'a.b', new_value: 1, confidence: 0.4, sample_size: 5 }],
      }),
    );
    expect(found.changes[0]).toMatchObject({ confidence: 0.4, sampleSize: 5 });
  });

  test.each<readonly [string, Json, string, string]>([
    ['no target', { target: undefined }, 'FIELD_INVALID', 'recommended_changes[0].target'],
    ['a target that is no text', { target: 5 }, 'FIELD_INVALID', 'recommended_changes[0].target'],
    ['a target on a prototype', { target: '__proto__.x' }, 'TARGET_INVALID', ''],
    ['a quoted target', { target: '"a.b"' }, 'TARGET_INVALID', ''],
    ['no value', { new_value: undefined }, 'VALUE_NOT_SCALAR', ''],
    ['null, which is not measured', { new_value: null }, 'VALUE_NOT_SCALAR', ''],
    ['a list', { new_value: [1] }, 'VALUE_NOT_SCALAR', ''],
    ['an object', { new_value: { a: 1 } }, 'VALUE_NOT_SCALAR', ''],
    ['infinity', { new_value: Number.POSITIVE_INFINITY }, 'VALUE_NOT_SCALAR', ''],
    ['not a number', { new_value: Number.NaN }, 'VALUE_NOT_SCALAR', ''],
    ['minus zero', { new_value: -0 }, 'VALUE_NOT_SCALAR', ''],
    ['a number beyond 2^53 − 1', { new_value: 2 ** 53 }, 'VALUE_NOT_SCALAR', ''],
    ['a long text', { new_value: 'x'.repeat(1025) }, 'VALUE_NOT_SCALAR', ''],
    ['half a character', { new_value: 'a\ud800' }, 'VALUE_NOT_SCALAR', ''],
    ['confidence in percent', { confidence: 90 }, 'FIELD_INVALID', 'recommended_changes[0].confidence'],
    ['confidence 1.5', { confidence: 1.5 }, 'FIELD_INVALID', 'recommended_changes[0].confidence'],
    ['confidence -0.1', { confidence: -0.1 }, 'FIELD_INVALID', 'recommended_changes[0].confidence'],
    ['confidence true', { confidence: true }, 'FIELD_INVALID', 'recommended_changes[0].confidence'],
    ['confidence as a text', { confidence: '0.9' }, 'FIELD_INVALID', 'recommended_changes[0].confidence'],
    [
      'confidence that is not a number',
      { confidence: Number.NaN },
      'FIELD_INVALID',
      'recommended_changes[0].confidence',
    ],
    [
      'a fraction of observations',
      { sample_size: 1.5 },
      'FIELD_INVALID',
      'recommended_changes[0].sample_size',
    ],
    ['negative observations', { sample_size: -1 }, 'FIELD_INVALID', 'recommended_changes[0].sample_size'],
  ])('drops a change with %s, and says so', (_, change, code, field) => {
    const found = read(signalWith(change));
    expect(found.changes).toEqual([]);
    expect(found.codes).toEqual([[code, field]]);
  });

  test('reads the changes around a broken one', () => {
    const found = read(
      buildSignal({
        recommended_changes: [{ target: 'a.b', new_value: null }, 5, { target: 'c.d', new_value: 1 }],
      }),
    );
    expect(found.changes.map(({ target }) => target)).toEqual(['c.d']);
    expect(found.codes).toEqual([
      ['VALUE_NOT_SCALAR', ''],
      ['FIELD_INVALID', 'recommended_changes[1]'],
    ]);
  });

  test.each<readonly [string, Json, string]>([
    ['changes that are no list', { recommended_changes: {} }, 'recommended_changes'],
    ['a source with a line break', { source: 'a\nb' }, 'source'],
    ['a source that is no text', { source: 5 }, 'source'],
    ['tags that are no list', { tags: 'r_and_d' }, 'tags'],
    ['a tag with a space', { tags: ['r and d'] }, 'tags'],
    ['too many tags', { tags: Array.from({ length: 101 }, (_, i) => `t${i}`) }, 'tags'],
    ['a quality above 1', { quality: 2 }, 'quality'],
    ['a status that is no text', { status: 1 }, 'status'],
    ['an expiry that is no time', { expires_at: 'soon' }, 'expires_at'],
  ])('drops a signal with %s', (_, overrides, field) => {
    const found = read(buildSignal(overrides));
    expect(found.changes).toEqual([]);
    expect(found.codes).toEqual([['FIELD_INVALID', field]]);
  });

  test('takes a date that cannot be read for none, and says so', () => {
    const found = read(buildSignal({ created_at: 'yesterday' }));
    expect(found.changes[0]?.time).toBeNull();
    expect(found.codes).toEqual([['FIELD_INVALID', 'created_at']]);
  });

  test.each([1, 0, true, 'x', ''])('takes an old value as a claim: %j', (claim) => {
    expect(read(signalWith({ old_value: claim })).changes[0]?.claimedOld).toBe(claim);
  });

  test.each([null, undefined, [1], {}, Number.NaN, 'x'.repeat(2000)])('takes %j for no claim', (claim) => {
    expect(read(signalWith({ old_value: claim })).changes[0]?.claimedOld).toBeNull();
  });

  test.each(['REJECTED', 'rejected', 'RETIRED', 'Retired'])('drops what is %s', (status) => {
    expect(read(buildSignal({ status }))).toMatchObject({ changes: [], problems: [] });
    expect(read(buildEvidencePatch({ status }))).toMatchObject({ changes: [], problems: [] });
  });

  test.each(['PROPOSED', 'APPLIED_OFFLINE', 'PROMOTED', 'ACCEPTED_FOR_PROPOSAL', 'LIVE', '', null])(
    'ignores the status %j',
    (status) => {
      expect(read(buildEvidencePatch({ status })).changes).toHaveLength(1);
    },
  );

  test.each(HOSTILE_TEXTS)(
    'lets nothing into a name, and everything well-formed into a value: $name',
    ({ text }) => {
      const named = read(buildSignal({ source: text, tags: [text] }));
      for (const { traits } of named.changes)
        expect([traits.source, ...traits.tags].join('')).toMatch(/^[\w.-]+$/);
      const valued = read(buildEvidencePatch({ new_value: text, old_value: text, id: text }));
      const readable = !/\p{Cs}/u.test(text) && text.length <= 1024;
      expect(valued.changes.map(({ value }) => value)).toEqual(readable ? [text] : []);
    },
  );

  test('never repeats a value in a problem: it may be a secret', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const values = [secret.repeat(50), [secret], { [secret]: secret }];
    const records = values.flatMap((value) => [
      buildEvidencePatch({ new_value: value }),
      buildSignal({
        confidence: value,
        sample_size: value,
        created_at: value,
        expires_at: value,
        status: value,
      }),
      buildSignal({ source: value, tags: value }),
      buildHealthSignal(value),
    ]);
    expect(JSON.stringify(read(records).problems)).not.toContain(secret);
  });
});

describe('readRecord: test health', () => {
  test('is a score and its time', () => {
    expect(read(buildHealthSignal(92.5)).health).toEqual([
      { score: 92.5, time: at('2026-11-22T02:00:00Z'), expiresAt: null },
    ]);
    expect(read(buildHealthSignal(0)).health[0]?.score).toBe(0);
  });

  test.each([101, -1, '92', true, Number.NaN, [90]])('is no score: %j', (score) => {
    const found = read(buildHealthSignal(score));
    expect(found.health).toEqual([]);
    expect(found.codes).toEqual([['FIELD_INVALID', 'metrics.health_score']]);
  });

  test('does not count without a date', () => {
    const found = read(buildHealthSignal(92.5, { created_at: undefined }));
    expect(found.health).toEqual([]);
    expect(found.codes).toEqual([['FIELD_INVALID', 'created_at']]);
  });

  test('is told by test health only', () => {
    expect(read(buildHealthSignal(92.5, { source: 'backtest' })).health).toEqual([]);
  });

  test('is dropped with its signal', () => {
    expect(read(buildHealthSignal(92.5, { status: 'REJECTED' })).health).toEqual([]);
  });
});

describe('readRecord: identity', () => {
  const identities = (...records: readonly Json[]) =>
    new Set(read(records).changes.map(({ identity }) => identity)).size;

  test('is one for one experiment, however it is reported', () => {
    const experiment_id = 'backtest/7';
    expect(
      identities(
        buildSignal({ experiment_id }),
        buildSignal({
          experiment_id,
          signal_id: 'x',
          created_at: '2026-11-20',
          confidence: 0.5,
          source: 'other',
        }),
        buildEvidencePatch({ source_experiment_id: experiment_id, new_value: 2 }),
      ),
    ).toBe(1);
  });

  test('without an experiment is the content, without id, times, status and reason', () => {
    const told = { source: 'x', reason: 'because' };
    expect(
      identities(
        buildEvidencePatch(told),
        buildEvidencePatch({
          ...told,
          id: 'other',
          generated_at: '2026-11-20',
          status: 'PROPOSED',
          reason: 'other',
          applied_at: 'x',
          promoted_at: 'y',
        }),
        buildEvidencePatch({ ...told, expires_at: '2027-01-01' }),
      ),
    ).toBe(1);
  });

  test.each<readonly [string, Json]>([
    ['target', { target: 'a.b' }],
    ['value', { new_value: 1.5 }],
    ['kind of value', { new_value: '1.25' }],
    ['old value', { old_value: 1.1 }],
    ['confidence', { confidence_score: 0.8 }],
    ['sample size', { sample_size: 5 }],
    ['source', { source: 'x' }],
    ['tags', { tags: ['x'] }],
    ['quality', { quality: 0.5 }],
    ['data window', { data_end: '2026-01-01' }],
    ['metrics', { metrics: { sharpe: 1 } }],
    ['experiment', { experiment_id: 'x' }],
  ])('differs with another %s', (_, overrides) => {
    expect(identities(buildEvidencePatch(), buildEvidencePatch(overrides))).toBe(2);
  });

  test('does not depend on the order of metrics or tags', () => {
    expect(
      identities(
        buildEvidencePatch({ metrics: { a: 1, b: 2 }, tags: ['x', 'y'] }),
        buildEvidencePatch({ metrics: { b: 2, a: 1 }, tags: ['y', 'x'] }),
      ),
    ).toBe(1);
  });
});
