import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PromotionDecision } from '../../../src/governance/index.ts';
import '../../support/fixed-seed.ts';
import { type OperatorPatch, policyText, readCycles, replaceOnce, runCycle } from './operator-cycles.ts';

const LEVERAGE = 'portfolio.leverage';
const LIVE = 1;
const WANTED = 2.5;

/** A policy in which everything but bounds and steps lets the change pass, and the bounds keep leverage ≤ 2.0. */
interface BoundedPolicy {
  /** What the bounds are written for: the tag, the target, or both. */
  readonly names: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onStepExceeded: 'manual' | 'clamp';
  readonly confidence: number;
  readonly mode: 'manual_only' | 'bounded_auto';
}

const hundredths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);

const boundedPolicy: fc.Arbitrary<BoundedPolicy> = fc
  .record({
    names: fc.subarray(['leverage', `"${LEVERAGE}"`], { minLength: 1 }),
    max: hundredths(1, 200),
    room: hundredths(1, 200),
    step: hundredths(1, 300),
    onStepExceeded: fc.constantFrom('manual' as const, 'clamp' as const),
    confidence: fc.constantFrom(0.65, 0.8, 0.99, 1),
    mode: fc.constantFrom('manual_only' as const, 'bounded_auto' as const),
  })
  .map(({ room, ...policy }) => ({
    ...policy,
    min: Math.max(0, Math.round((policy.max - room) * 100) / 100),
  }))
  .filter(({ min, max }) => min < max);

function decideLeverage(policy: BoundedPolicy): PromotionDecision {
  const bounds = policy.names.map(
    (name) => `[bounds.${name}]\nmin = ${policy.min}\nmax = ${policy.max}\nmax_step = ${policy.step}\n`,
  );
  const text = [
    `[promotion]\nmode = "${policy.mode}"\n`,
    `[eligibility]\ntargets = ["${LEVERAGE}"]\nmin_confidence = 0\n`,
    `[auto]\nmin_confidence = 0\nmin_test_health = 0\non_step_exceeded = "${policy.onStepExceeded}"\n`,
    ...bounds,
  ].join('\n');
  const { report } = runCycle(
    [{ ...cycle9(), confidence_score: { $number: String(policy.confidence) } }],
    text,
  );
  const [decision] = report.derivation.decisions;
  if (decision === undefined) throw new Error('the patch is no candidate');
  return decision;
}

/** The patch of cycle 9: 1.0 → 2.5. */
function cycle9(): OperatorPatch {
  const patch = readCycles()
    .flatMap(({ patches }) => patches)
    .find(
      ({ target, new_value }) => target === LEVERAGE && JSON.stringify(new_value).includes(String(WANTED)),
    );
  if (patch === undefined) throw new Error('there is no such patch');
  return patch;
}

describe('leverage 1.0 → 2.5 of cycle 9, under the shipped bounds', () => {
  it('is 1.25 with clamp, and for operators without', () => {
    const certain = { ...cycle9(), confidence_score: { $number: '0.99' } };
    const shipped = policyText([certain], 'bounded_auto');
    const clamping = replaceOnce(shipped, /^on_step_exceeded = "manual"/m, 'on_step_exceeded = "clamp"');
    const [manual, clamp] = [shipped, clamping].map(
      (policy) => runCycle([certain], policy).report.derivation.decisions[0],
    );
    expect(manual).toMatchObject({ lane: 'manual', planned: WANTED });
    expect(clamp).toMatchObject({ lane: 'auto', planned: 1.25 });
  });
});

describe('leverage 1.0 → 2.5 of cycle 9, under any bounds up to 2.0', () => {
  it('never reaches the auto lane as it is', () => {
    fc.assert(
      fc.property(boundedPolicy, (policy) => {
        const { lane, planned } = decideLeverage(policy);
        expect(lane === 'auto' && planned === WANTED).toBe(false);
        if (policy.onStepExceeded === 'manual') expect(lane).not.toBe('auto');
      }),
    );
  });

  it('is clamped to the next permitted step, wherever there is one', () => {
    fc.assert(
      fc.property(boundedPolicy, (policy) => {
        const { lane, planned } = decideLeverage({
          ...policy,
          onStepExceeded: 'clamp',
          mode: 'bounded_auto',
        });
        const next = Math.min(Math.round((LIVE + policy.step) * 100) / 100, policy.max);
        const permitted = next > LIVE && next >= policy.min;
        expect({ lane, planned }).toEqual(
          permitted ? { lane: 'auto', planned: next } : { lane: 'manual', planned: WANTED },
        );
      }),
    );
  });

  it('meets both kinds of policies', () => {
    const found = fc.sample(boundedPolicy, 100).map((policy) => {
      const { lane, planned } = decideLeverage({ ...policy, onStepExceeded: 'clamp', mode: 'bounded_auto' });
      return `${lane} ${planned === WANTED ? 'as it is' : 'clamped'}`;
    });
    expect([...new Set(found)].sort()).toEqual(['auto clamped', 'manual as it is']);
  });
});
