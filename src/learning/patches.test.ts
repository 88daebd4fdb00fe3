import { describe, expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import {
  buildEvidencePatch,
  buildSignal,
  evidenceOf,
  type Json,
} from '../../test/support/builders/evidence.ts';
import { buildLearningContext, PARAMETERS } from '../../test/support/builders/learning.ts';
import { merkleRoot, sha256Hex } from '../kernel/digest.ts';
import type { Parameter } from '../kernel/scalar.ts';
import type { ConfigPatch } from './config-patch.ts';
import { type LearningContext, learn } from './patches.ts';

const learned = (documents: Readonly<Record<string, unknown>>, context: Partial<LearningContext> = {}) =>
  learn(evidenceOf(documents).table, buildLearningContext(context));
const patchOf = (
  documents: Readonly<Record<string, unknown>>,
  context: Partial<LearningContext> = {},
): ConfigPatch => {
  const [patch] = learned(documents, context).patches;
  if (patch === undefined) throw new Error('no patch');
  return patch;
};
const live = (target: string, parameter: Parameter) => ({
  live: new Map([...PARAMETERS, [target, parameter] as const]),
});

describe('learn: patches', () => {
  test('has all that is known of one signal', () => {
    const signal = buildSignal({ tags: ['x'] });
    const sha256 = sha256Hex(JSON.stringify(signal));
    expect(patchOf({ 'reports/a.json': signal })).toEqual({
      id: expect.stringMatching(/^patch-[0-9a-f]{12}$/),
      target: 'portfolio.leverage',
      value: 1.25,
      redacted: false,
      type: 'float',
      status: 'APPLIED_OFFLINE',
      claimedOld: [1],
      confidence: 0.9,
      sampleSize: 100,
      conflict: null,
      unfit: null,
      liveReady: true,
      tags: ['x'],
      evidenceCount: 1,
      evidenceKinds: ['backtest'],
      evidenceRoot: merkleRoot([sha256]),
      sources: [{ file: 'reports/a.json', line: 1, sha256, value: 1.25, confidence: 0.9 }],
      newest: at('2026-11-21T22:00:00Z'),
      newestExperiment: at('2026-11-21T22:00:00Z'),
      undated: 0,
    });
  });

  test('is one a target, sorted', () => {
    const patches = ['z.z', 'a.a', 'm.m', 'a.a'].map((target, i) =>
      buildEvidencePatch({ target, id: String(i) }),
    );
    expect(learned({ 'a.json': patches }).patches.map(({ target }) => target)).toEqual(['a.a', 'm.m', 'z.z']);
  });

  test('counts the same experiment three times once', () => {
    const experiment_id = 'backtest/7';
    const patch = patchOf({
      'a.json': buildSignal({ experiment_id, signal_id: 'a' }),
      'b.json': buildSignal({ experiment_id, signal_id: 'b', created_at: '2026-11-21T23:00:00Z' }),
      'c.json': buildEvidencePatch({ source_experiment_id: experiment_id }),
    });
    expect(patch).toMatchObject({
      evidenceCount: 1,
      sampleSize: 100,
      confidence: 0.9,
      sources: [{ file: 'b.json' }],
    });
  });

  test('does not gain confidence when the same report is copied', () => {
    const once = patchOf({ 'a.json': buildSignal({ confidence: 0.7 }) });
    const often = patchOf(
      Object.fromEntries(
        Array.from({ length: 9 }, (_, i) => [
          `${i}.json`,
          buildSignal({ confidence: 0.7, signal_id: `s${i}` }),
        ]),
      ),
    );
    expect([often.confidence, often.sampleSize, often.evidenceCount]).toEqual([
      once.confidence,
      once.sampleSize,
      1,
    ]);
  });

  test('has an id of target and value, and of nothing else', () => {
    const ids = [{}, { confidence_score: 0.5 }, { new_value: 1.5 }, { target: 'a.b' }].map(
      (overrides) => patchOf({ 'a.json': buildEvidencePatch(overrides) }).id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
  });

  test('names twenty sources of many, and covers all by the root', () => {
    const documents = Object.fromEntries(
      Array.from({ length: 25 }, (_, i) => [
        `${i}.json`,
        buildSignal({
          signal_id: `s${i}`,
          experiment_id: `e${i}`,
          created_at: `2026-11-${String((i % 20) + 1).padStart(2, '0')}`,
        }),
      ]),
    );
    const patch = patchOf(documents);
    expect(patch.sources).toHaveLength(20);
    expect(patch.evidenceCount).toBe(25);
    expect(patch.evidenceRoot).toBe(
      merkleRoot(Object.values(documents).map((signal) => sha256Hex(JSON.stringify(signal)))),
    );
  });

  test('keeps what any evidence holds against it', () => {
    const patch = patchOf({
      'a.json': buildEvidencePatch({ tags: ['r_and_d'], old_value: 1 }),
      'b.json': buildEvidencePatch({
        id: 'b',
        tags: ['x'],
        meta: { is_live_ready: false },
        old_value: 1.1,
        generated_at: undefined,
      }),
    });
    expect(patch).toMatchObject({
      tags: ['r_and_d', 'x'],
      liveReady: false,
      claimedOld: [1, 1.1],
      undated: 1,
      evidenceCount: 2,
    });
  });
});

describe('learn: what one experiment was reported with', () => {
  const report = (overrides: Json) => buildEvidencePatch({ source_experiment_id: 'e', ...overrides });

  test.each<readonly [string, Json, Partial<ConfigPatch>]>([
    ['a tag', { tags: ['r_and_d'] }, { tags: ['r_and_d'] }],
    ['"not ready for live"', { meta: { is_live_ready: false } }, { liveReady: false }],
  ])('no later report can take back: %s', (_, restriction, expected) => {
    const later = report({ id: 'b', generated_at: '2026-11-21T23:00:00Z' });
    expect(patchOf({ 'a.json': report(restriction), 'b.json': later })).toMatchObject(expected);
    expect(patchOf({ 'a.json': later, 'b.json': report(restriction) })).toMatchObject(expected);
  });
});

describe('learn: expiry', () => {
  test.each<readonly [string, Json, string]>([
    ['30 days', { created_at: '2026-10-23T03:00:00Z' }, 'APPLIED_OFFLINE'],
    ['30 days and a millisecond', { created_at: '2026-10-23T02:59:59.999Z' }, 'RETIRED'],
    ['an expiry in a moment', { expires_at: '2026-11-22T03:00:00.001Z' }, 'APPLIED_OFFLINE'],
    ['an expiry now', { expires_at: '2026-11-22T03:00:00Z' }, 'RETIRED'],
    ['no date', { created_at: undefined }, 'APPLIED_OFFLINE'],
    ['no date and an expiry', { created_at: undefined, expires_at: '2026-11-01' }, 'RETIRED'],
  ])('at %s', (_, overrides, status) => {
    expect(patchOf({ 'a.json': buildSignal(overrides) }).status).toBe(status);
  });

  test('drops expired evidence beside fresh evidence', () => {
    const patch = patchOf({
      'a.json': buildSignal({
        created_at: '2026-09-01',
        confidence: 0.99,
        tags: ['old'],
        experiment_id: 'a',
      }),
      'b.json': buildSignal({
        confidence: 0.6,
        experiment_id: 'b',
        recommended_changes: [{ target: 'portfolio.leverage', new_value: 1.5 }],
      }),
    });
    expect(patch).toMatchObject({
      value: 1.5,
      confidence: 0.6,
      evidenceCount: 1,
      tags: [],
      sources: [{ file: 'b.json' }],
    });
  });

  test('takes no value of expired evidence into the overrides', () => {
    expect(learned({ 'a.json': buildSignal({ created_at: '2026-09-01' }) }).overrides.size).toBe(0);
  });
});

describe('learn: status', () => {
  test('is PROMOTED when the value is live', () => {
    expect(
      patchOf({ 'a.json': buildSignal() }, live('portfolio.leverage', { type: 'float', value: 1.25 })).status,
    ).toBe('PROMOTED');
  });

  test.each(['PROMOTED', 'APPLIED_OFFLINE', 'ACCEPTED_FOR_PROPOSAL'])(
    'is not what the evidence claims: %s',
    (status) => {
      expect(patchOf({ 'a.json': buildEvidencePatch({ status, target: 'unknown.target' }) }).status).toBe(
        'PROPOSED',
      );
    },
  );

  test.each(['REJECTED', 'RETIRED'])('drops a patch that says %s', (status) => {
    expect(learned({ 'a.json': buildEvidencePatch({ status }) }).patches).toEqual([]);
  });

  test.each<readonly [string, Json, Partial<LearningContext>]>([
    ['is not in the base', { target: 'a.b' }, {}],
    ['has another type', { new_value: '1.25' }, {}],
    ['is true for a number', { new_value: true }, {}],
    ['is a fraction for an integer', { target: 'portfolio.max_positions', new_value: 5.5 }, {}],
    ['breaks a hard limit', { new_value: 9 }, { isAllowed: (_, value) => Number(value) <= 3 }],
    ['is hidden', { target: 'risk.stop_loss' }, { isHidden: (target) => target === 'risk.stop_loss' }],
  ])('is PROPOSED, and not used offline, when the value %s', (_, overrides, context) => {
    const { patches, overrides: offline } = learned({ 'a.json': buildEvidencePatch(overrides) }, context);
    expect(patches.map(({ status }) => status)).toEqual(['PROPOSED']);
    expect(offline.size).toBe(0);
  });
});

describe('learn: evidence of another type than the parameter has', () => {
  const good = buildSignal({ signal_id: 'good', confidence: 0.9 });
  const said = (new_value: unknown, overrides: object = {}) =>
    buildEvidencePatch({ new_value, id: JSON.stringify(new_value), confidence: 1, ...overrides });

  test.each([['1.5'], [true]])('is left out beside evidence that fits: %j', (value) => {
    const alone = patchOf({ 'good.json': good });
    const patch = patchOf({ 'good.json': good, 'odd.jsonl': said(value) });
    const { id, confidence, status, newest, conflict } = alone;
    expect(patch).toMatchObject({ id, value: 1.25, confidence, status, newest, conflict, evidenceCount: 1 });
    expect(patch.unfit).toEqual({ count: 1, place: 'odd.jsonl:1' });
    expect(patch.evidenceRoot).not.toBe(alone.evidenceRoot);
  });

  test('is counted once a piece, and the newest named, in whatever order', () => {
    const later = said('b', { created_at: '2026-11-21T23:00:00Z' });
    const documents = { 'a.json': said('a'), 'b.json': later, 'c.json': later, 'good.json': good };
    for (const entries of [Object.entries(documents), Object.entries(documents).reverse()])
      expect(patchOf(Object.fromEntries(entries)).unfit).toEqual({ count: 2, place: 'b.json:1' });
  });

  test('does not make an old experiment new, and can still hold against a change', () => {
    const odd = said('x', { created_at: '2026-11-21T23:59:00Z', tags: ['r_and_d'] });
    const patch = patchOf({ 'good.json': good, 'odd.json': odd });
    expect(patch.newestExperiment).toBe(patchOf({ 'good.json': good }).newestExperiment);
    expect(patch.tags).toEqual(['r_and_d']);
  });

  test('is what is recommended where nothing fits, or where what fits has expired', () => {
    expect(patchOf({ 'odd.json': said('x') })).toMatchObject({ value: 'x', unfit: null, status: 'PROPOSED' });
    const expired = { ...good, expires_at: '2026-11-21T23:00:00Z' };
    expect(patchOf({ 'good.json': expired, 'odd.json': said('x') })).toMatchObject({
      value: 'x',
      unfit: null,
    });
  });

  test('a fraction for an integer is such evidence, too', () => {
    const about = (new_value: number) => said(new_value, { target: 'portfolio.max_positions' });
    expect(patchOf({ 'a.json': [about(7), about(6.5)] })).toMatchObject({ value: 7, unfit: { count: 1 } });
  });
});

describe('learn: overrides', () => {
  test('leave out texts and booleans that disagree', () => {
    const documents = {
      'a.json': ['weekly', 'monthly'].map((new_value) =>
        buildEvidencePatch({ target: 'portfolio.rebalance', new_value, id: new_value }),
      ),
    };
    const { patches, overrides } = learned(documents);
    expect(patches[0]).toMatchObject({ conflict: 'disagreement', status: 'PROPOSED' });
    expect(overrides.size).toBe(0);
  });

  test('have the type of the base', () => {
    const documents = {
      'a.json': [
        buildEvidencePatch({ new_value: 2 }),
        buildEvidencePatch({ target: 'portfolio.max_positions', new_value: 7, id: 'b' }),
      ],
    };
    expect([...learned(documents).overrides]).toEqual([
      ['portfolio.leverage', { type: 'float', value: 2 }],
      ['portfolio.max_positions', { type: 'integer', value: 7 }],
    ]);
  });

  test('keep a value that is still live when its evidence is gone', () => {
    const value: Parameter = { type: 'float', value: 1.5 };
    const previous = new Map([
      ['portfolio.leverage', value],
      ['macro.regime_weight', { type: 'float', value: 0.9 } as Parameter],
    ]);
    const { overrides } = learned({}, { previous, ...live('portfolio.leverage', value) });
    expect([...overrides]).toEqual([['portfolio.leverage', value]]);
  });

  test('follow new evidence nevertheless', () => {
    const value: Parameter = { type: 'float', value: 1.5 };
    const { overrides } = learned(
      { 'a.json': buildSignal() },
      { previous: new Map([['portfolio.leverage', value]]), ...live('portfolio.leverage', value) },
    );
    expect(overrides.get('portfolio.leverage')?.value).toBe(1.25);
  });
});

describe('learn: redaction', () => {
  const secret = ['ghp', '_', 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8'].join('');

  test('shows no value of a hidden target, neither new nor old', () => {
    const patch = patchOf(
      {
        'a.json': buildEvidencePatch({
          target: 'live.api_keys.binance',
          new_value: 'plain-words',
          old_value: 'other-words',
        }),
      },
      { isHidden: () => true },
    );
    expect(patch).toMatchObject({ value: '[redacted]', redacted: true, claimedOld: [] });
    expect(JSON.stringify(patch)).not.toMatch(/words/);
  });

  test('has one id for a hidden target, whatever its value', () => {
    const ids = ['a', 'b'].map(
      (new_value) => patchOf({ 'a.json': buildEvidencePatch({ new_value }) }, { isHidden: () => true }).id,
    );
    expect(ids[0]).toBe(ids[1]);
  });

  test('shows nothing that looks like a secret, wherever it stands', () => {
    const { patches, overrides } = learned({
      'a.json': [
        buildEvidencePatch({ target: 'portfolio.rebalance', new_value: secret }),
        buildEvidencePatch({ target: 'portfolio.hedged', new_value: true, old_value: secret }),
      ],
    });
    expect(JSON.stringify([patches, [...overrides]])).not.toContain(secret);
    expect(patches.map(({ redacted }) => redacted)).toEqual([false, true]);
  });
});
