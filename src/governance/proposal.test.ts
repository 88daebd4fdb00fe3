import { describe, expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildEvidencePatch, buildHealthSignal, type Json } from '../../test/support/builders/evidence.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';

const HEALTH = buildHealthSignal();
const propose = (patches: readonly Json[], overrides: Parameters<typeof runCycle>[1] = {}) =>
  runCycle(
    { 'health.json': HEALTH, 'patches.json': patches.map((patch, i) => ({ ...patch, id: String(i) })) },
    overrides,
  ).proposals;

describe('buildPromotionProposals', () => {
  test('is one proposal a lane, auto first', () => {
    const found = propose([
      buildEvidencePatch({ target: 'portfolio.rebalance', old_value: 'daily', new_value: 'weekly' }),
      buildEvidencePatch(),
      buildEvidencePatch({ target: 'risk.stop_loss', new_value: 0.01, old_value: 0.02 }),
    ]);
    expect(found.map(({ lane, changes }) => [lane, changes.map(({ target }) => target)])).toEqual([
      ['auto', ['portfolio.leverage']],
      ['manual', ['portfolio.rebalance']],
    ]);
  });

  test('is none without an accepted change', () => {
    expect(propose([buildEvidencePatch({ confidence_score: 0.1 })])).toEqual([]);
    expect(propose([buildEvidencePatch()], { mode: 'disabled' })).toEqual([]);
  });

  test('holds all decisions and patches of the cycle, in both lanes', () => {
    const found = propose([
      buildEvidencePatch({ target: 'portfolio.rebalance', old_value: 'daily', new_value: 'weekly' }),
      buildEvidencePatch(),
      buildEvidencePatch({ target: 'a.b', confidence_score: 0.1 }),
    ]);
    for (const { decisions, patches } of found) expect([decisions.length, patches.length]).toEqual([3, 3]);
  });

  test('has an id of clock and change set', () => {
    const [proposal] = propose([buildEvidencePatch()]);
    expect(proposal?.proposalId).toBe(
      `live_promotion_20261122T030000Z_${proposal?.changeSetDigest.slice(0, 8)}`,
    );
  });

  test('names three targets in its title', () => {
    const targets = [
      'portfolio.leverage',
      'strategy.trigger_delay',
      'macro.regime_weight',
      'portfolio.max_positions',
      'portfolio.rebalance',
    ];
    const values = [1.25, 9, 0.4, 6, 'weekly'];
    const patches = targets.map((target, i) =>
      buildEvidencePatch({ target, new_value: values[i], old_value: undefined }),
    );
    const [proposal] = propose(patches, { mode: 'manual_only' });
    expect(proposal?.title).toBe(
      'Promote macro.regime_weight, portfolio.leverage, portfolio.max_positions and 2 more (manual lane)',
    );
  });
});

describe('the change-set digest of a proposal', () => {
  const digestOf = (patch: Json, overrides: Parameters<typeof runCycle>[1] = {}) =>
    propose([patch], overrides)[0]?.changeSetDigest;
  const digest = digestOf(buildEvidencePatch());

  test.each<readonly [string, Json, Parameters<typeof runCycle>[1]]>([
    ['time', {}, { clock: at('2026-11-22T04:00:00Z') }],
    ['confidence', { confidence_score: 0.85 }, {}],
    ['evidence', { source: 'other', metrics: { sharpe: 1 }, generated_at: '2026-11-20' }, {}],
    ['a claim', { old_value: undefined }, {}],
    ['the policy', {}, { policy: buildPolicy({ bounds: { leverage: { min: 0.5, max: 3, max_step: 1 } } }) }],
  ])('does not depend on %s', (_, patch, overrides) => {
    expect(digestOf(buildEvidencePatch(patch), overrides)).toBe(digest);
  });

  test.each<readonly [string, Json, Parameters<typeof runCycle>[1]]>([
    ['the new value', { new_value: 1.2 }, {}],
    [
      'the live value',
      { old_value: undefined },
      { live: new Map([['portfolio.leverage', { type: 'float', value: 1.1 }]]) },
    ],
  ])('depends on %s', (_, patch, overrides) => {
    expect(digestOf(buildEvidencePatch(patch), overrides)).not.toBe(digest);
    expect(digestOf(buildEvidencePatch(patch), overrides)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is told apart from a claim by the live value: evidence cannot choose it', () => {
    const live = new Map([['portfolio.leverage', { type: 'float', value: 1.1 } as const]]);
    expect(digestOf(buildEvidencePatch({ old_value: 1 }), { live })).toBe(
      digestOf(buildEvidencePatch({ old_value: 1.1 }), { live }),
    );
  });
});
