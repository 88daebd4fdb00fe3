/** Each of several promotions can be rolled back alone, in any order, with real git (issue 4). */
import fc from 'fast-check';
import '../support/fixed-seed.ts';
import { expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { gitFolder } from '../support/cli/git-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import {
  FLOAT_TARGETS,
  type FloatTarget,
  type MergeShape,
  PromotedFolder,
} from '../support/history/promoted-folder.ts';

/** Base values of the shipped configuration, and values that a promotion may set. */
const BASE: Readonly<Record<FloatTarget, number>> = {
  'macro.regime_weight': 0,
  'portfolio.leverage': 1,
  'strategy.trigger_delay': 10,
};
const VALUES: Readonly<Record<FloatTarget, readonly number[]>> = {
  'macro.regime_weight': [0.1, 0.35],
  'portfolio.leverage': [1.25, 1.5, 2],
  'strategy.trigger_delay': [8, 12],
};

/** What should be live: for each target the promotions that stand, the latest last. */
type Model = Map<FloatTarget, { id: string; value: number }[]>;

function liveIn(model: Model, target: FloatTarget): number {
  return model.get(target)?.at(-1)?.value ?? BASE[target];
}

const shape = fc.constantFrom<MergeShape>('merge', 'squash', 'fast-forward');
const step = fc.record({
  picks: fc.array(fc.record({ target: fc.constantFrom(...FLOAT_TARGETS), pick: fc.nat() }), {
    minLength: 1,
    maxLength: 3,
  }),
  shape,
});
const story = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 5 }),
  order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
  shapes: fc.array(shape, { minLength: 5, maxLength: 5 }),
});

function promoteAll(
  tree: PromotedFolder,
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const model: Model = new Map(FLOAT_TARGETS.map((target) => [target, []]));
  const ids: string[] = [];
  for (const { picks, shape: how } of steps) {
    const values: Partial<Record<FloatTarget, number>> = {};
    for (const { target, pick } of picks) {
      const others = VALUES[target].filter((value) => value !== liveIn(model, target));
      values[target] = others[pick % others.length] as number;
    }
    const id = tree.promote(values, how);
    ids.push(id);
    for (const target of FLOAT_TARGETS) {
      const value = values[target];
      if (value !== undefined) model.get(target)?.push({ id, value });
    }
  }
  return { model, ids };
}

test('each promotion goes alone, in any order, and what is live is right after each step', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ steps, order, shapes }) => {
      const tree = new PromotedFolder(gitFolder());
      const { model, ids } = promoteAll(tree, steps);
      for (const [i, pick] of order.slice(0, steps.length).entries()) {
        const [id = ''] = ids.splice(pick % ids.length, 1);
        const run = await runHere(tree.folder, ['rollback', id, '--publish', 'branch', '--json']);
        expect(run).toMatchObject({ exitCode: 0, stderr: '' });
        const { branch } = answerOf(run) as unknown as { branch: string };
        tree.merge(branch, shapes[i]);
        for (const [target, stack] of model) {
          model.set(
            target,
            stack.filter((entry) => entry.id !== id),
          );
          expect([target, tree.live(target)]).toEqual([target, liveIn(model, target)]);
        }
        const again = await runHere(tree.folder, ['rollback', id, '--json']);
        expect(answerOf(again)).toMatchObject({ state: 'unchanged', already: { at: expect.any(String) } });
      }
    }),
    { numRuns: 6 },
  );
}, 300_000);
