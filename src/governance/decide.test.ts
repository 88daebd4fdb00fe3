import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import { buildPatch, buildRuleContext, decidePatch } from '../../test/support/builders/candidate.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { buildPromotionCandidatesFromPatches } from './candidate.ts';
import { filterCandidatesForLive } from './decide.ts';
import { EFFECTS, type Finding, type FindingEffect } from './finding.ts';
import type { Rule } from './rules/index.ts';

const finding = (effect: FindingEffect, overrides: Partial<Finding> = {}): Finding => ({
  code: 'NO_BOUNDS',
  effect,
  ...overrides,
});
const saying = (...findings: readonly Finding[]): Rule => ({ name: 'test', check: () => findings });
const decideBy = (...rules: readonly Rule[]) => {
  const candidates = buildPromotionCandidatesFromPatches([buildPatch()], buildPolicy());
  const [decision] = filterCandidatesForLive(candidates, buildRuleContext(), rules);
  if (decision === undefined) throw new Error('no decision');
  return decision;
};

describe('filterCandidatesForLive: statuses', () => {
  test.each([
    ['note', 'ACCEPTED_FOR_PROPOSAL', 'auto'],
    ['manual_only', 'ACCEPTED_FOR_PROPOSAL', 'manual'],
    ['pending', 'PENDING', null],
    ['reject_sanity', 'REJECTED_BY_SANITY_CHECK', null],
    ['reject_policy', 'REJECTED_BY_POLICY', null],
  ] as const)('%s: %s, lane %s', (effect, status, lane) => {
    expect(decideBy(saying(finding(effect)))).toMatchObject({ status, lane });
  });

  test('are those of the strongest finding, in any order', () => {
    const effects = fc.array(fc.constantFrom(...EFFECTS), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(effects, (found) => {
        const strongest = EFFECTS.filter((effect) => found.includes(effect)).at(-1) as FindingEffect;
        expect(decideBy(saying(...found.map((effect) => finding(effect)))).status).toBe(
          decideBy(saying(finding(strongest))).status,
        );
      }),
    );
  });

  test('never get better by another finding', () => {
    const effects = fc.array(fc.constantFrom(...EFFECTS), { maxLength: 5 });
    const rank = ['auto', 'manual', 'PENDING', 'REJECTED_BY_SANITY_CHECK', 'REJECTED_BY_POLICY'];
    const rankOf = (found: readonly FindingEffect[]) => {
      const { lane, status } = decideBy(saying(...found.map((effect) => finding(effect))));
      return rank.indexOf(lane ?? status);
    };
    fc.assert(
      fc.property(
        effects,
        fc.constantFrom(...EFFECTS),
        (found, more) => rankOf([...found, more]) >= rankOf(found),
      ),
    );
  });
});

describe('filterCandidatesForLive: a rule that throws', () => {
  const throwing: Rule = {
    name: 'broken',
    check: () => {
      throw new Error('boom');
    },
  };

  test('has determined nothing: PENDING', () => {
    expect(decideBy(throwing)).toMatchObject({
      status: 'PENDING',
      lane: null,
      until: null,
      findings: [{ code: 'RULE_FAILED', observed: 'broken' }],
    });
  });

  test('cannot save a candidate that another rule rejects', () => {
    expect(decideBy(throwing, saying(finding('reject_policy'))).status).toBe('REJECTED_BY_POLICY');
  });

  test('does not touch the other candidates', () => {
    const candidates = buildPromotionCandidatesFromPatches(
      [buildPatch(), buildPatch({ target: 'macro.regime_weight', value: 0.4, claimedOld: [] })],
      buildPolicy(),
    );
    const sometimes: Rule = {
      name: 'sometimes',
      check: ({ candidate }) => {
        if (candidate.patch.target === 'portfolio.leverage') throw new Error('boom');
        return [];
      },
    };
    const statuses = filterCandidatesForLive(candidates, buildRuleContext(), [sometimes]).map(
      ({ status }) => status,
    );
    expect(statuses).toEqual(['PENDING', 'ACCEPTED_FOR_PROPOSAL']);
  });
});

describe('filterCandidatesForLive: until', () => {
  const [early, late] = [at('2026-11-23'), at('2026-11-25')];

  test('is the latest of what it waits for', () => {
    expect(
      decideBy(saying(finding('pending', { until: late }), finding('pending', { until: early }))).until,
    ).toBe(late);
  });

  test('is null when it is not known, or nothing is waited for', () => {
    expect(decideBy(saying(finding('pending'))).until).toBeNull();
    expect(decideBy(saying(finding('manual_only', { until: late }))).until).toBeNull();
    expect(decideBy(saying(finding('pending', { until: late }), finding('reject_policy'))).until).toBeNull();
  });
});

describe('filterCandidatesForLive: all rules', () => {
  test('take a change that is right into the auto lane', () => {
    expect(decidePatch()).toMatchObject({
      status: 'ACCEPTED_FOR_PROPOSAL',
      lane: 'auto',
      planned: 1.25,
      live: { value: 1 },
    });
  });

  test('let policy stand before sanity', () => {
    expect(decidePatch({ value: 99, confidence: 0.1 }).status).toBe('REJECTED_BY_POLICY');
    expect(decidePatch({ value: 99 }).status).toBe('REJECTED_BY_SANITY_CHECK');
  });

  test('let no mode but bounded_auto open the auto lane', () => {
    expect(decidePatch({}, { mode: 'manual_only' }).lane).toBe('manual');
    expect(decidePatch({}, { mode: 'disabled' })).toMatchObject({ status: 'REJECTED_BY_POLICY', lane: null });
  });

  test('close the auto lane of published cycles', () => {
    expect(decidePatch({}, { published: true }).lane).toBe('manual');
  });

  test('clamp only where the policy says so', () => {
    expect(decidePatch({ value: 2 })).toMatchObject({ lane: 'manual', planned: 2 });
    const policy = buildPolicy({ auto: { on_step_exceeded: 'clamp' } });
    expect(decidePatch({ value: 2 }, { policy })).toMatchObject({ lane: 'auto', planned: 1.25 });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -0])(
    'reject %d as insane, told to clamp or not',
    (value) => {
      for (const on_step_exceeded of ['manual', 'clamp'] as const) {
        const policy = buildPolicy({ auto: { on_step_exceeded } });
        expect(decidePatch({ value }, { policy }).status).toBe('REJECTED_BY_SANITY_CHECK');
      }
    },
  );

  test('do not clamp what a hard limit forbids', () => {
    const policy = buildPolicy({ auto: { on_step_exceeded: 'clamp' } });
    expect(decidePatch({ value: 9 }, { policy }).status).toBe('REJECTED_BY_SANITY_CHECK');
  });
});
