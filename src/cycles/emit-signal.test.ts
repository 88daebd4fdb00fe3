import { describe, expect, test } from 'vitest';
import { NOW } from '../../test/support/builders/at.ts';
import { buildSignal } from '../../test/support/builders/evidence.ts';
import { MemoryWorkTree } from '../../test/support/cli/memory-work-tree.ts';
import { Evidence } from '../learning/index.ts';
import { emitSignal } from './emit-signal.ts';

const PATH = 'reports/learning_snippets/backtest-1.json';

describe('emitSignal', () => {
  test('writes a signal that the loops read', () => {
    const tree = new MemoryWorkTree();
    expect(emitSignal(tree, buildSignal(), NOW, false)).toMatchObject({
      ok: true,
      value: { path: PATH, state: 'written' },
    });
    const evidence = new Evidence(NOW);
    tree.readEvidence(evidence);
    expect([evidence.table.size, evidence.problems]).toEqual([1, []]);
  });

  test('writes the same signal once', () => {
    const tree = new MemoryWorkTree();
    emitSignal(tree, buildSignal(), NOW, false);
    tree.calls.length = 0;
    expect(emitSignal(tree, buildSignal(), NOW, false)).toMatchObject({ value: { state: 'unchanged' } });
    expect(tree.calls.filter((call) => call.startsWith('write'))).toEqual([]);
  });

  test('refuses another signal under the same id', () => {
    const tree = new MemoryWorkTree({ [PATH]: 'other' });
    expect(emitSignal(tree, buildSignal(), NOW, false).problems).toMatchObject([
      { code: 'SIGNAL_EXISTS', file: PATH },
    ]);
    expect(tree.files.get(PATH)).toBe('other');
  });

  test('as a dry run writes nothing', () => {
    const tree = new MemoryWorkTree();
    expect(emitSignal(tree, buildSignal(), NOW, true)).toMatchObject({ value: { state: 'dry_run' } });
    expect(tree.files.size).toBe(0);
  });

  test.each([
    ['a text', 'x'],
    ['null', null],
    ['no fields', {}],
    ['an id that is a path', buildSignal({ signal_id: '../x' })],
    ['an id that hides the file', buildSignal({ signal_id: '.x' })],
    ['an id that ends as another file', buildSignal({ signal_id: '' })],
    ['a target that is none', buildSignal({ recommended_changes: [{ target: 'a b', new_value: 1 }] })],
    ['NaN', buildSignal({ confidence: Number.NaN })],
    ['a date in the future', buildSignal({ created_at: '2026-12-01T00:00:00Z' })],
    ['a date that is none', buildSignal({ created_at: 'soon' })],
  ])('refuses %s, and writes nothing', (_, signal) => {
    const tree = new MemoryWorkTree();
    const result = emitSignal(tree, signal, NOW, false);
    expect(result.ok).toBe(false);
    expect(result.problems.length).toBeGreaterThan(0);
    expect(tree.files.size).toBe(0);
  });
});
