/** No byte of a promotion can be another one: whatever is changed, added or taken away anywhere in it, it is never a success. */
import fc from 'fast-check';
import '../support/fixed-seed.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOOPS } from '../../src/cycles/rebuild.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { judge, type PathChange, type Side, type Snapshot } from '../../src/review/index.ts';
import { GovernedRepo, PROMOTION } from '../support/review/governed-repo.ts';
import { peopleOf, snapshotOf } from '../support/review/judge-change.ts';

let repo: GovernedRepo;
let honest: Snapshot;

beforeAll(async () => {
  repo = await GovernedRepo.create();
  const snapshot = await snapshotOf(repo, { base: 'main', head: PROMOTION });
  honest = { ...snapshot, people: peopleOf(snapshot.head.id) };
});

afterAll(() => repo.destroy());

/** The same change with another text at a path, as git would tell it; null takes the file away. */
function withText(snapshot: Snapshot, path: string, text: string | null): Snapshot {
  const after =
    text === null ? null : { oid: sha256Hex(text).slice(0, 40), mode: '100644', sizeBytes: text.length };
  const change = (one: PathChange): PathChange => (one.path === path ? { ...one, after } : one);
  const isGone = (one: PathChange) => one.before === null && one.after === null;
  const side = ({ id, files, texts }: Side): Side => ({
    id,
    files: new Map(
      [...files].flatMap(([name, file]) =>
        name !== path ? [[name, file]] : after === null ? [] : [[name, after]],
      ),
    ),
    texts: new Map(
      [...texts].flatMap(([name, old]) =>
        name !== path ? [[name, old]] : text === null ? [] : [[name, text]],
      ),
    ),
  });
  return {
    ...snapshot,
    head: side(snapshot.head),
    merged: snapshot.merged === null ? null : side(snapshot.merged),
    own: snapshot.own.map(change).filter((one) => !isGone(one)),
    effect: snapshot.effect.map(change).filter((one) => !isGone(one)),
  };
}

test('a promotion with one text changed anywhere is never a success', () => {
  expect(judge(honest, LOOPS).conclusion).toBe('success');
  const edit = fc.record({
    file: fc.nat(),
    at: fc.nat(),
    cut: fc.nat({ max: 3 }),
    insert: fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('\n', ' ', '#', '0', '\ufeff', '\u200d', '"', ','),
    ),
  });
  fc.assert(
    fc.property(edit, ({ file, at, cut, insert }) => {
      const { path } = honest.own[file % honest.own.length] as PathChange;
      const text = honest.head.texts.get(path) ?? '';
      const start = at % (text.length + 1);
      const changed = text.slice(0, start) + insert + text.slice(start + cut);
      fc.pre(changed !== text);
      // Evidence speaks for itself: with another text it may well give the same changes, but never the same artifacts.
      expect(judge(withText(honest, path, changed), LOOPS).conclusion).not.toBe('success');
    }),
    { numRuns: 300 },
  );
});

test('a promotion with one file less is never a success', () => {
  for (const { path } of honest.own)
    expect(judge(withText(honest, path, null), LOOPS).conclusion).not.toBe('success');
});
