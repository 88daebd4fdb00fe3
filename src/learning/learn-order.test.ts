import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../test/support/builders/evidence.ts';
import { buildLearningContext } from '../../test/support/builders/learning.ts';
import type { ConfigPatch } from './config-patch.ts';
import { learn } from './patches.ts';

/** Few values of each kind: evidence that is equal in part is where order could show. */
const day = fc.constantFrom('2026-11-01', '2026-11-20', '2026-11-21');
const ratio = fc.constantFrom(0.7, 0.8, 0.9);
const value = fc.constantFrom<unknown>(0.5, 1.25, 1.5, 'weekly', true, null);
const record = fc.record(
  {
    source: fc.constantFrom('backtest', 'macro', 'test_health'),
    created_at: day,
    expires_at: day,
    experiment_id: fc.constantFrom('e1', 'e2', 'e3', 'e4'),
    confidence: ratio,
    quality: fc.constantFrom(0.2, 0.5, 1),
    sample_size: fc.nat(50),
    tags: fc.subarray(['r_and_d', 'x', 'y']),
    status: fc.constantFrom('PROPOSED', 'REJECTED'),
    metrics: fc.record({ health_score: fc.nat(100) }),
    recommended_changes: fc.array(
      fc.record({
        target: fc.constantFrom('portfolio.leverage', 'portfolio.rebalance', 'portfolio.hedged', 'a.b'),
        new_value: value,
        old_value: value,
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['recommended_changes'] },
);
const documents = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-f]{2}$/), record), {
  selector: ([name]) => name,
  maxLength: 8,
});

/** All that System 1 says, as bytes. */
function outcome(entries: readonly (readonly [string, unknown])[]): string {
  const evidence = evidenceOf(
    Object.fromEntries(entries.map(([name, content]) => [`${name}.json`, content])),
  );
  const { patches, overrides } = learn(evidence.table, buildLearningContext());
  const problems = evidence.problems
    .filter(({ code }) => code !== 'SIGNAL_ID_CLASH')
    .map((found) => JSON.stringify(found));
  return JSON.stringify([patches, [...overrides], evidence.latestHealth, problems.sort()], null, 1);
}

/** All of a patch but where its evidence lies. */
const withoutPlaces = ({ sources, evidenceRoot, unfit, ...patch }: ConfigPatch) => ({
  ...patch,
  unfit: unfit?.count,
});

describe('learn', () => {
  test('does not depend on the order in which evidence is read, byte for byte', () => {
    const keys = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(documents, keys, (entries, order) => {
        const other = entries
          .map((entry, i) => [order[i] ?? 0, entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry);
        expect(outcome(other)).toBe(outcome(entries));
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on which report of an experiment comes first', () => {
    const report = fc.record({
      confidence: fc.constantFrom(0.8, 0.9),
      quality: fc.constantFrom(0.5, 1),
      sample_size: fc.nat(2),
      tags: fc.subarray(['r_and_d', 'x']),
      old_value: fc.constantFrom(1, 1.1),
      meta: fc.record({ is_live_ready: fc.boolean() }),
    });
    const retold = (reports: readonly object[]) => {
      const told = {
        target: 'portfolio.leverage',
        new_value: 1.25,
        experiment_id: 'e',
        created_at: '2026-11-21',
      };
      const { table } = evidenceOf({ 'a.json': reports.map((found) => ({ ...told, ...found })) });
      return learn(table, buildLearningContext()).patches.map(withoutPlaces);
    };
    fc.assert(
      fc.property(fc.array(report, { maxLength: 4 }), (reports) => {
        expect(retold([...reports].reverse())).toEqual(retold(reports));
      }),
    );
  });

  test('learns nothing new from a copy of everything', () => {
    fc.assert(
      fc.property(documents, (entries) => {
        const copied = entries.map(([name, content]) => [`copy-${name}`, content] as const);
        const [once, twice] = [entries, [...entries, ...copied]].map((list) => {
          const evidence = evidenceOf(
            Object.fromEntries(list.map(([name, content]) => [`${name}.json`, content])),
          );
          return learn(evidence.table, buildLearningContext()).patches.map(withoutPlaces);
        });
        expect(twice).toEqual(once);
      }),
    );
  });

  test('yields a value that some evidence recommends, or none', () => {
    fc.assert(
      fc.property(documents, (entries) => {
        const evidence = evidenceOf(
          Object.fromEntries(entries.map(([name, content]) => [`${name}.json`, content])),
        );
        for (const patch of learn(evidence.table, buildLearningContext()).patches) {
          expect(evidence.table.rowsOf(patch.target).map((row) => row.value)).toContain(patch.value);
        }
      }),
    );
  });
});
