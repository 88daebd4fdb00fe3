import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { runCycle } from '../../test/support/builders/cycle.ts';
import {
  buildEvidencePatch,
  buildHealthSignal,
  buildSignal,
  type Json,
} from '../../test/support/builders/evidence.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { emptyOverrideFile, formatOverrideFile } from '../liveconfig/index.ts';
import { formatProposalFolder } from './folder.ts';

const HEALTH = buildHealthSignal();
const cycle = (patches: readonly Json[], overrides: Parameters<typeof runCycle>[1] = {}) =>
  runCycle(
    { 'health.json': HEALTH, 'patches.json': patches.map((patch, i) => ({ ...patch, id: String(i) })) },
    overrides,
  );
const autoOf = ({ autoTomlAfter }: ReturnType<typeof cycle>) =>
  Object.fromEntries([...autoTomlAfter('auto').overrides].map(([target, { value }]) => [target, value]));

describe('derive', () => {
  test('writes exactly the in-bounds changes of the auto lane', () => {
    const derivation = cycle([
      buildEvidencePatch(),
      buildEvidencePatch({ target: 'strategy.trigger_delay', old_value: 10, new_value: 7 }),
      buildEvidencePatch({ target: 'macro.regime_weight', old_value: 0.3, new_value: 0.4 }),
      buildEvidencePatch({ target: 'portfolio.rebalance', old_value: 'daily', new_value: 'weekly' }),
    ]);
    expect(autoOf(derivation)).toEqual({ 'portfolio.leverage': 1.25, 'macro.regime_weight': 0.4 });
    expect(
      Object.fromEntries(
        [...derivation.autoTomlAfter('manual').overrides].map(([target, { value }]) => [target, value]),
      ),
    ).toEqual({
      'portfolio.rebalance': 'weekly',
      'strategy.trigger_delay': 7,
    });
  });

  test('measures the step from the live value: chained claims move one step', () => {
    const chain = [1.0, 1.25, 1.5, 1.75].map((old_value) =>
      buildEvidencePatch({ old_value, new_value: old_value + 0.25 }),
    );
    const { decisions } = cycle(chain, { policy: buildPolicy({ auto: { on_step_exceeded: 'clamp' } }) });
    expect(decisions).toHaveLength(1);
    expect(Number(decisions[0]?.planned)).toBeLessThanOrEqual(1.25);
  });

  test.each(['disabled', 'manual_only'] as const)('opens no auto lane in mode %s', (mode) => {
    const derivation = cycle([buildEvidencePatch()], { mode });
    expect(derivation.decisions.map(({ lane }) => lane)).toEqual([mode === 'disabled' ? null : 'manual']);
    expect(autoOf(derivation)).toEqual({});
  });

  test('closes the auto lane without test health', () => {
    const lanes = (documents: Json) =>
      runCycle({ 'a.json': buildEvidencePatch(), ...documents }).decisions.map(({ lane }) => lane);
    expect(lanes({ 'b.json': HEALTH })).toEqual(['auto']);
    expect(lanes({})).toEqual(['manual']);
    expect(lanes({ 'b.json': buildHealthSignal(79) })).toEqual(['manual']);
    expect(
      lanes({ 'b.json': HEALTH, 'c.json': buildHealthSignal(10, { created_at: '2026-11-22T02:30:00Z' }) }),
    ).toEqual(['manual']);
  });

  test('lets no signal open what it may only close', () => {
    const lent = {
      target: 'portfolio.max_positions',
      old_value: 5,
      new_value: 6,
      tags: ['macro', 'trigger'],
    };
    const policy = buildPolicy({
      bounds: { macro: { min: 0, max: 99, max_step: 99 }, trigger: { min: 0, max: 99, max_step: 99 } },
    });
    expect(cycle([buildEvidencePatch(lent)], { policy }).decisions[0]?.lane).toBe('manual');
    const claimed = {
      status: 'ACCEPTED_FOR_PROPOSAL',
      eligible_for_live: true,
      lane: 'auto',
      meta: { is_live_ready: true },
      target: 'risk.max_position',
    };
    expect(cycle([buildEvidencePatch(claimed)]).decisions[0]?.status).toBe('REJECTED_BY_POLICY');
  });

  test('lets a restricting report close, whatever the others say', () => {
    for (const restriction of [{ tags: ['r_and_d'] }, { meta: { is_live_ready: false } }]) {
      const { decisions } = cycle([
        buildEvidencePatch(),
        buildEvidencePatch({ ...restriction, source: 'other' }),
      ]);
      expect(decisions[0]?.status).toBe('REJECTED_BY_POLICY');
    }
  });

  test('has a line for every promotable target, and keeps what was there', () => {
    const autoToml = { ...emptyOverrideFile('auto_applied', ['# mine']), slots: new Set(['x.y']) };
    const text = formatOverrideFile(cycle([buildEvidencePatch()], { autoToml }).autoTomlAfter('auto'));
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      '# mine',
      '[auto_applied]',
      '# "macro.regime_weight" has its base value',
      '# "portfolio.hedged" has its base value',
      '"portfolio.leverage" = 1.25',
      '# "portfolio.max_positions" has its base value',
      '# "portfolio.rebalance" has its base value',
      '# "strategy.trigger_delay" has its base value',
      '# "x.y" has its base value',
    ]);
  });

  test('names no hidden target in any override file', () => {
    const derivation = cycle(
      [buildEvidencePatch({ target: 'risk.stop_loss', old_value: 0.02, new_value: 0.5 })],
      {
        policy: buildPolicy({ eligibility: { targets: ['*'] } }),
      },
    );
    const files = [
      derivation.learningOverride,
      derivation.autoTomlAfter('auto'),
      derivation.autoTomlAfter('manual'),
    ];
    for (const file of files) expect(formatOverrideFile(file)).not.toContain('stop_loss');
  });

  test('uses offline what it may not promote', () => {
    const { learningOverride } = cycle([
      buildEvidencePatch({ target: 'strategy.trigger_delay', new_value: 2, confidence_score: 0.1 }),
      buildEvidencePatch({ new_value: 9 }),
    ]);
    expect([...learningOverride.overrides].map(([target, { value }]) => [target, value])).toEqual([
      ['strategy.trigger_delay', 2],
    ]);
  });

  test('takes 20 signals of one experiment for one', () => {
    const told = Array.from({ length: 20 }, (_, i) =>
      buildSignal({ signal_id: `s${i}`, experiment_id: 'e', confidence: 0.7 }),
    );
    const { decisions } = runCycle({ 'health.json': HEALTH, 'a.json': told });
    expect(decisions[0]).toMatchObject({
      status: 'REJECTED_BY_POLICY',
      candidate: { patch: { confidence: 0.7, evidenceCount: 1 } },
    });
  });
});

describe('derive: order', () => {
  const patch = fc.record({
    target: fc.constantFrom('portfolio.leverage', 'portfolio.rebalance', 'macro.regime_weight', 'a.b'),
    new_value: fc.constantFrom<unknown>(1.1, 1.25, 0.4, 'weekly', 9),
    confidence_score: fc.constantFrom(0.7, 0.9),
    generated_at: fc.constantFrom('2026-11-20', '2026-11-21'),
    source_experiment_id: fc.constantFrom('e1', 'e2', undefined),
    tags: fc.constantFrom([], ['x']),
  });
  const documents = fc.array(fc.array(patch, { maxLength: 2 }), { minLength: 2, maxLength: 5 });

  /** Every artifact of a cycle as bytes. */
  function bytesOf(entries: readonly (readonly [string, unknown])[]): string {
    const policy = buildPolicy({ auto: { on_step_exceeded: 'clamp' } });
    const derivation = runCycle(Object.fromEntries(entries), { policy });
    const files = [
      derivation.learningOverride,
      derivation.autoTomlAfter('auto'),
      derivation.autoTomlAfter('manual'),
    ];
    const folders = derivation.proposals.flatMap((proposal) =>
      [...formatProposalFolder(proposal, policy)].flat(),
    );
    return [...files.map(formatOverrideFile), ...folders].join('\n');
  }

  test('of evidence is irrelevant to every artifact, byte for byte', () => {
    fc.assert(
      fc.property(documents, (found) => {
        const entries = found.map((content, i) => [`${i}.json`, content] as const);
        const all = [...entries, ['health.json', HEALTH] as const];
        expect(bytesOf([...all].reverse())).toBe(bytesOf(all));
      }),
      { numRuns: 200 },
    );
  });
});
