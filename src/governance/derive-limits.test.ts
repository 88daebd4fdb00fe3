import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildHealthSignal } from '../../test/support/builders/evidence.ts';
import type { Parameter, Scalar } from '../kernel/scalar.ts';
import {
  emptyOverrideFile,
  formatOverrideFile,
  type OverrideFile,
  parseOverrideFile,
} from '../liveconfig/index.ts';
import { AutoApplyPolicy } from './policy-schema.ts';

/** Every one of them is a leverage by a word of its name, whatever its type. */
const LEVERAGES = [
  'portfolio.leverage',
  'macro.bull_leverage',
  'risk.maxLeverage',
  'portfolio.leverage_text',
  'Portfolio.LEVERAGE',
];
const OTHERS = ['strategy.trigger_delay', 'macro.regime_weight'];
const TARGETS = [...LEVERAGES, ...OTHERS];

const inRange = fc.constantFrom(0, 0.5, 1, 1.5, 2, 2.5, 3);
const parameters: fc.Arbitrary<ReadonlyMap<string, Parameter>> = fc
  .tuple(inRange, inRange, fc.constantFrom(0, 1, 2, 3))
  .map(
    ([a, b, whole]) =>
      new Map<string, Parameter>([
        ['portfolio.leverage', { type: 'float', value: a }],
        ['macro.bull_leverage', { type: 'integer', value: whole }],
        ['risk.maxLeverage', { type: 'float', value: b }],
        ['portfolio.leverage_text', { type: 'string', value: '1' }],
        ['Portfolio.LEVERAGE', { type: 'float', value: a }],
        ['strategy.trigger_delay', { type: 'float', value: 10 }],
        ['macro.regime_weight', { type: 'float', value: 0.3 }],
      ]),
  );

const hostileNumber = fc.oneof(
  fc.constantFrom(
    -1,
    -1e-9,
    3,
    3.0000000000000004,
    3.1,
    4,
    10,
    1e21,
    1e308,
    Number.MAX_VALUE,
    5e-324,
    -0,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
  fc.double({ min: -2, max: 6 }),
  fc.integer({ min: -2, max: 6 }),
);
const value = fc.oneof(
  hostileNumber,
  fc.constantFrom<unknown>('9', ' 9 ', '1e1', '0x9', '٩', 'Infinity', '1.5', true, null, [9], { valueOf: 9 }),
);
const tag = fc.constantFrom('leverage', 'risk', 'macro', 'trigger', 'lab', 'r_and_d', '__proto__');
const change = fc.record(
  {
    target: fc.constantFrom(...TARGETS),
    new_value: value,
    value,
    old_value: value,
    confidence: fc.constantFrom(0.8, 0.9, 1, 1.5),
  },
  { requiredKeys: ['target', 'new_value'] },
);
const signal = fc.record(
  {
    source: fc.constantFrom('backtest', 'macro'),
    created_at: fc.constantFrom('2026-11-20', '2026-11-21', '2026-09-01'),
    experiment_id: fc.constantFrom('a', 'b'),
    confidence: fc.constantFrom(0.9, 1),
    tags: fc.uniqueArray(tag, { maxLength: 2 }),
    recommended_changes: fc.array(change, { maxLength: 3 }),
  },
  { requiredKeys: ['confidence', 'recommended_changes', 'created_at'] },
);

const limit = fc.oneof(inRange, fc.constantFrom(-10, 10, 100));
const name = fc.constantFrom(...TARGETS, 'leverage', 'risk', 'macro', 'trigger', 'lab');
const range = fc.record({ min: limit, max: limit, max_step: fc.constantFrom(0.1, 0.25, 5, 1e6) });
const policyInput = fc.record({
  promotion: fc.record({ mode: fc.constantFrom('manual_only', 'bounded_auto') }),
  eligibility: fc.record({
    targets: fc.constantFrom(['*'], TARGETS),
    min_confidence: fc.constantFrom(0, 0.75),
  }),
  never: fc.constantFrom({ targets: [], tags: [] }, {}),
  tags: fc.constantFrom({}, { lab: ['*'] }, { leverage: ['strategy.trigger_delay'] }),
  bounds: fc.dictionary(name, range, { maxKeys: 4, noNullPrototype: true }),
  hard_limits: fc.dictionary(name, fc.record({ min: limit, max: limit }, { requiredKeys: [] }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  auto: fc.record({
    min_confidence: fc.constantFrom(0, 0.8),
    on_step_exceeded: fc.constantFrom('manual', 'clamp'),
    min_test_health: fc.constant(0),
  }),
});
const policy = policyInput
  .map((input) => AutoApplyPolicy.safeParse(input))
  .filter((result) => result.success)
  .map((result) => result.data as AutoApplyPolicy);

const overrideFile = (
  table: 'auto_applied' | 'overrides',
  values: ReadonlyMap<string, Parameter>,
): OverrideFile => ({
  ...emptyOverrideFile(table, []),
  overrides: values,
});
const previous = fc
  .dictionary(fc.constantFrom(...LEVERAGES.slice(0, 1)), fc.constantFrom(0.5, 2, 50, -3), {
    noNullPrototype: true,
  })
  .map(
    (values) =>
      new Map(
        Object.entries(values).map(([target, found]) => [
          target,
          { type: 'float', value: found } as Parameter,
        ]),
      ),
  );

/** Whether a value is no leverage, or one from 0 to 3: texts count as what a careless reader would make of them. */
function isWithinLimit(target: string, found: Scalar): boolean {
  if (!/leverage/i.test(target) || typeof found === 'boolean') return true;
  const amount = Number(found);
  return typeof found === 'string' && Number.isNaN(amount) ? true : amount >= 0 && amount <= 3;
}

test('no evidence and no policy that the schema accepts yields a leverage outside 0 to 3', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.array(signal, { maxLength: 5 }),
      policy,
      parameters,
      previous,
      (signals, found, base, before) => {
        const documents = Object.fromEntries(signals.map((content, i) => [`${i}.json`, content]));
        const derivation = runCycle(
          { ...documents, 'health.json': buildHealthSignal(100) },
          {
            policy: found,
            mode: found.promotion.mode,
            parameters: base,
            learningOverride: overrideFile('overrides', before),
          },
        );
        for (const { lane, planned, candidate } of derivation.decisions) {
          if (lane === null) continue;
          accepted += 1;
          expect([candidate.patch.target, planned]).toSatisfy(([target, next]) =>
            isWithinLimit(target as string, next as Scalar),
          );
        }
        const files = [
          derivation.learningOverride,
          derivation.autoTomlAfter('auto'),
          derivation.autoTomlAfter('manual'),
        ];
        for (const file of files) {
          const read = parseOverrideFile(formatOverrideFile(file), file.table, 'x.toml');
          expect(read).toMatchObject({ ok: true, problems: [] });
          if (!read.ok) continue;
          for (const [target, override] of read.value.overrides)
            expect([target, override.value]).toSatisfy(([t, v]) => isWithinLimit(t as string, v as Scalar));
        }
      },
    ),
    { numRuns: 1500 },
  );
  // A property about accepted changes that never saw one has shown nothing.
  expect(accepted).toBeGreaterThan(300);
});
