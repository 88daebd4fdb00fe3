import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../test/support/builders/at.ts';
import { governedTree } from '../../test/support/cli/governed-texts.ts';
import type { MemoryWorkTree } from '../../test/support/cli/memory-work-tree.ts';
import { listProposals } from './list-proposals.ts';
import { promoteCycle } from './promote.ts';

function withProposals(): MemoryWorkTree {
  const tree = governedTree();
  const request = { requestedMode: null, baseCommit: null, dryRun: false, writeOverride: false };
  promoteCycle(tree, { ...request, clock: NOW, requestedMode: 'manual_only' });
  promoteCycle(tree, { ...request, clock: at('2026-11-22T05:00:00Z') });
  return tree;
}

describe('listProposals', () => {
  test('lists nothing where there is nothing', () => {
    expect(listProposals(governedTree())).toEqual({ proposals: [], problems: [] });
  });

  test('lists the newest first', () => {
    const { proposals, problems } = listProposals(withProposals());
    expect(proposals.map(({ meta }) => meta.generated_at)).toEqual([
      '2026-11-22T05:00:00Z',
      '2026-11-22T05:00:00Z',
      '2026-11-22T03:00:00Z',
    ]);
    expect(problems).toEqual([]);
  });

  test('names folders whose metadata cannot be read, and lists the rest', () => {
    const tree = withProposals();
    tree.files.set('reports/live_promotion/live_promotion_x/OPERATOR_CHECKLIST.md', '');
    tree.files.set('reports/live_promotion/live_promotion_y/proposal_meta.json', '{"schema_version": 99}');
    const { proposals, problems } = listProposals(tree);
    expect(proposals).toHaveLength(3);
    expect(new Set(problems.map(({ file }) => file))).toEqual(
      new Set(['x', 'y'].map((id) => `reports/live_promotion/live_promotion_${id}/proposal_meta.json`)),
    );
  });

  test('leaves out what is no proposal, or not finished', () => {
    const tree = withProposals();
    for (const name of ['.peak-tmp-0-live_promotion_x', 'notes', '.gitkeep'])
      tree.files.set(`reports/live_promotion/${name}/x`, '');
    expect(listProposals(tree)).toMatchObject({ proposals: [{}, {}, {}], problems: [] });
  });
});
