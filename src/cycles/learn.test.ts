import { describe, expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { GOVERNED_TEXTS, governedTree } from '../../test/support/cli/governed-texts.ts';
import { LEARNING_OVERRIDE_PATH } from '../kernel/governed-paths.ts';
import { learnCycle, writeWhenChanged } from './learn.ts';

describe('learnCycle', () => {
  test('writes the override file, alone and nothing else', () => {
    const tree = governedTree();
    expect(learnCycle(tree, { clock: NOW, dryRun: false })).toMatchObject({
      ok: true,
      value: { overrideState: 'written' },
    });
    expect(tree.calls).toEqual(['lock', `write ${LEARNING_OVERRIDE_PATH}`, 'unlock']);
    expect(tree.files.get(LEARNING_OVERRIDE_PATH)).toContain('"portfolio.leverage" = 1.25\n');
  });

  test('writes nothing when it is right already', () => {
    const tree = governedTree();
    learnCycle(tree, { clock: NOW, dryRun: false });
    tree.calls.length = 0;
    expect(learnCycle(tree, { clock: NOW, dryRun: false })).toMatchObject({
      value: { overrideState: 'unchanged' },
    });
    expect(tree.calls).toEqual(['lock', 'unlock']);
  });

  test('as a dry run takes no lock and writes nothing', () => {
    const tree = governedTree();
    expect(learnCycle(tree, { clock: NOW, dryRun: true })).toMatchObject({
      value: { overrideState: 'dry_run' },
    });
    expect([tree.calls, Object.fromEntries(tree.files)]).toEqual([[], GOVERNED_TEXTS]);
  });

  test('gives the lock back when an input is broken', () => {
    const tree = governedTree({ 'config/promotion.toml': 'broken' });
    expect(learnCycle(tree, { clock: NOW, dryRun: false }).ok).toBe(false);
    expect(tree.calls).toEqual(['lock', 'unlock']);
  });
});

describe('writeWhenChanged', () => {
  test.each([
    ['same', 'same', false, 'unchanged'],
    ['same', 'same', true, 'unchanged'],
    ['old', 'new', false, 'written'],
    ['old', 'new', true, 'dry_run'],
    [null, '', false, 'written'],
  ] as const)('from %j to %j, dry run %s: %s', (before, after, dryRun, state) => {
    const tree = governedTree();
    expect(writeWhenChanged(tree, 'x', before, after, dryRun)).toBe(state);
    expect(tree.calls).toEqual(state === 'written' ? ['write x'] : []);
  });
});
