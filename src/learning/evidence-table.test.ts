import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { sha256Latin1 } from '../kernel/digest.ts';
import { type Instant, instantFromMs } from '../kernel/instant.ts';
import type { EvidenceChange } from './evidence-change.ts';
import { EvidenceTable } from './evidence-table.ts';

const instant: fc.Arbitrary<Instant | null> = fc.option(fc.integer({ min: 0, max: 2e12 }).map(instantFromMs));
const scalar = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
);
const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,8}$/);
const change: fc.Arbitrary<EvidenceChange> = fc.record({
  target: fc.constantFrom('a', 'a.b', 'c'),
  value: scalar,
  claimedOld: fc.option(scalar),
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  sampleSize: fc.option(fc.nat()),
  time: instant,
  expiresAt: instant,
  traits: fc.record({
    source: name,
    tags: fc.array(name, { maxLength: 3 }),
    liveReady: fc.boolean(),
    quality: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  identity: fc.string().map(sha256Latin1),
});

test('EvidenceTable gives back what was put in', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const table = new EvidenceTable();
      const file = table.addFile('a.json');
      changes.forEach((added, i) => void table.add(added, file, i + 1));
      expect(table.size).toBe(changes.length);
      expect(table.targets()).toEqual([...new Set(changes.map(({ target }) => target))].sort());
      const rows = table.targets().flatMap((target) => table.rowsOf(target).map((row) => ({ target, row })));
      for (const { target, row } of rows) {
        const added = changes[row.line - 1] as EvidenceChange;
        expect({ ...row, target }).toEqual({
          ...added,
          identity: added.identity.slice(0, 16),
          file,
          path: 'a.json',
          line: row.line,
        });
      }
      expect(rows).toHaveLength(changes.length);
    }),
  );
});

test('EvidenceTable keeps apart what looks alike', () => {
  const table = new EvidenceTable();
  const base: EvidenceChange = {
    target: 'a',
    value: 1,
    claimedOld: null,
    confidence: null,
    sampleSize: null,
    time: null,
    expiresAt: null,
    traits: { source: 's', tags: [], liveReady: true, quality: 1 },
    identity: sha256Latin1('x'),
  };
  for (const value of [1, true, '1', 'true', 0, false, '']) table.add({ ...base, value }, 0, 1);
  expect(new Set(table.rowsOf('a').map(({ value }) => value))).toEqual(
    new Set([1, true, '1', 'true', 0, false, '']),
  );
  expect(table.rowsOf('b')).toEqual([]);
});

test('EvidenceTable holds more than a block, and gives it back by target', () => {
  const table = new EvidenceTable();
  const traits = { source: 's', tags: [], liveReady: true, quality: 1 };
  for (let i = 0; i < 70_000; i += 1) {
    const target = `t${i % 3}`;
    const identity = sha256Latin1(String(i));
    table.add(
      {
        target,
        value: i,
        claimedOld: null,
        confidence: null,
        sampleSize: null,
        time: null,
        expiresAt: null,
        traits,
        identity,
      },
      0,
      i + 1,
    );
  }
  const rows = table.rowsOf('t1');
  expect(rows).toHaveLength(23_333);
  expect(rows.every(({ value, line }) => value === line - 1 && Number(value) % 3 === 1)).toBe(true);
});
