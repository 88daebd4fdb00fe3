import { describe, expect, test } from 'vitest';
import { at, NOW } from '../../test/support/builders/at.ts';
import { evidence, GOVERNED_TEXTS, governedTree } from '../../test/support/cli/governed-texts.ts';
import type { MemoryWorkTree } from '../../test/support/cli/memory-work-tree.ts';
import {
  AUTO_TOML_BACKUP_PATH,
  AUTO_TOML_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
} from '../kernel/governed-paths.ts';
import { type PromoteReport, type PromoteRequest, promoteCycle } from './promote.ts';

const REQUEST: PromoteRequest = {
  clock: NOW,
  requestedMode: null,
  baseCommit: null,
  dryRun: false,
  writeOverride: true,
};

function promoted(tree: MemoryWorkTree, request: Partial<PromoteRequest> = {}): PromoteReport {
  const result = promoteCycle(tree, { ...REQUEST, ...request });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Calls without the proposal's name. */
function callsOf(tree: MemoryWorkTree): readonly string[] {
  return tree.calls.map((call) => call.replace(/live_promotion_\w+/, '…'));
}

function withMode(mode: string): Record<string, string> {
  return { [POLICY_PATH]: (GOVERNED_TEXTS[POLICY_PATH] ?? '').replace('bounded_auto', mode) };
}

describe('promoteCycle', () => {
  test('writes what people read first, and what goes live last', () => {
    const tree = governedTree();
    promoted(tree);
    expect(callsOf(tree)).toEqual([
      'lock',
      'folder reports/live_promotion/…',
      'folder reports/live_promotion/…',
      `write ${LEARNING_OVERRIDE_PATH}`,
      `write ${AUTO_TOML_BACKUP_PATH}`,
      `write ${AUTO_TOML_PATH}`,
      'unlock',
    ]);
  });

  test("writes exactly the auto lane's changes into auto.toml", () => {
    const tree = governedTree();
    const { autoToml } = promoted(tree);
    expect(tree.files.get(AUTO_TOML_PATH)).toBe(
      '# Ours\n\n[auto_applied]\n"portfolio.leverage" = 1.25\n\n# "portfolio.rebalance_frequency" has its base value\n',
    );
    expect(autoToml).toMatchObject({ state: 'written', before: GOVERNED_TEXTS[AUTO_TOML_PATH] });
    expect(tree.files.get(AUTO_TOML_BACKUP_PATH)).toBe(GOVERNED_TEXTS[AUTO_TOML_PATH]);
  });

  test('converges: a second run writes nothing, whatever the clock', () => {
    const tree = governedTree();
    promoted(tree);
    const files = new Map(tree.files);
    tree.calls.length = 0;
    const { proposals } = promoted(tree, { clock: at('2026-11-22T04:00:00Z') });
    expect(tree.calls).toEqual(['lock', 'unlock']);
    expect(proposals.map(({ state }) => state)).toEqual(['kept']);
    expect(tree.files).toEqual(files);
  });

  test.each([
    ['manual_only', { requestedMode: 'manual_only' }, {}],
    ['manual_only by policy', {}, withMode('manual_only')],
    [
      'bounded_auto under lock',
      {},
      {
        [POLICY_PATH]: (GOVERNED_TEXTS[POLICY_PATH] ?? '').replace(
          '"bounded_auto"',
          '"bounded_auto"\nlock = true',
        ),
      },
    ],
  ] as const)('%s leaves auto.toml alone', (_, request, changes) => {
    const tree = governedTree(changes);
    const { proposals, autoToml } = promoted(tree, request);
    expect(callsOf(tree)).toEqual([
      'lock',
      'folder reports/live_promotion/…',
      `write ${LEARNING_OVERRIDE_PATH}`,
      'unlock',
    ]);
    expect(proposals.map(({ proposal }) => proposal.lane)).toEqual(['manual']);
    expect(autoToml.state).toBe('unchanged');
  });

  test.each([
    ['by policy', {}, withMode('disabled')],
    ['by request', { requestedMode: 'disabled' }, {}],
    ['as a dry run', { dryRun: true }, {}],
  ] as const)('writes nothing and takes no lock when switched off %s', (_, request, changes) => {
    const tree = governedTree(changes);
    const files = new Map(tree.files);
    promoted(tree, request);
    expect([tree.calls, tree.files]).toEqual([[], files]);
  });

  test('without the override leaves learning.override.toml alone', () => {
    const tree = governedTree();
    expect(promoted(tree, { writeOverride: false }).overrideState).toBeNull();
    expect(tree.files.get(LEARNING_OVERRIDE_PATH)).toBe(GOVERNED_TEXTS[LEARNING_OVERRIDE_PATH]);
  });

  test('refuses a mode looser than the policy, and writes nothing', () => {
    const tree = governedTree(withMode('manual_only'));
    const files = new Map(tree.files);
    const result = promoteCycle(tree, { ...REQUEST, requestedMode: 'bounded_auto' });
    expect(result.problems).toMatchObject([
      { code: 'MODE_LOOSER_THAN_POLICY', file: POLICY_PATH, line: 2, column: 1 },
    ]);
    expect([result.ok, tree.files]).toEqual([false, files]);
  });

  test('a folder that appears meanwhile counts as kept', () => {
    const tree = governedTree();
    const original = tree.writeFolder;
    const late = Object.assign(Object.create(tree) as MemoryWorkTree, {
      writeFolder: (path: string, files: ReadonlyMap<string, string>) => {
        original(path, files);
        return original(path, files);
      },
    });
    expect(promoted(late).proposals.map(({ state }) => state)).toEqual(['kept', 'kept']);
  });

  test('a folder of another change set with the same eight digits is no equal one', () => {
    const tree = governedTree();
    const [proposal] = promoted(tree, { dryRun: true }).proposals;
    const name = `live_promotion_20260101T000000Z_${proposal?.proposal.changeSetDigest.slice(0, 8)}`;
    const other = new Map(governedTree().files);
    const helper = governedTree();
    promoted(helper);
    const meta = helper.files.get(`${proposal?.path}/proposal_meta.json`) ?? '';
    other.set(
      `reports/live_promotion/${name}/proposal_meta.json`,
      meta.replace(
        proposal?.proposal.changeSetDigest ?? '',
        `${proposal?.proposal.changeSetDigest.slice(0, 8)}${'0'.repeat(56)}`,
      ),
    );
    for (const [path, text] of other) tree.files.set(path, text);
    expect(promoted(tree).proposals.map(({ state }) => state)).toEqual(['written', 'written']);
  });

  test.each(['', '{', '{}', 'null', '[]'])(
    'an equal folder with the metadata %j fails, and nothing is written',
    (meta) => {
      const tree = governedTree();
      const [proposal] = promoted(tree, { dryRun: true }).proposals;
      const path = `reports/live_promotion/live_promotion_x_${proposal?.proposal.changeSetDigest.slice(0, 8)}/proposal_meta.json`;
      tree.files.set(path, meta);
      const files = new Map(tree.files);
      const result = promoteCycle(tree, REQUEST);
      expect(result.problems[0]).toMatchObject({ code: 'ARTIFACT_INVALID', file: path });
      expect(tree.files).toEqual(files);
    },
  );

  test('an unfinished folder is nobody’s: it neither counts nor stops', () => {
    const tree = governedTree();
    const [proposal] = promoted(tree, { dryRun: true }).proposals;
    tree.files.set(`reports/live_promotion/.peak-tmp-0-${proposal?.id}/config_patches.json`, 'half');
    const result = promoteCycle(tree, { ...REQUEST, dryRun: true });
    expect(result).toMatchObject({ ok: true });
  });

  test('names all faults of all files at once, and writes nothing', () => {
    const tree = governedTree({
      [POLICY_PATH]: '[promotion]\nmode = 1\n',
      'config/config.toml': null,
      [AUTO_TOML_PATH]: 'broken',
      [LEARNING_OVERRIDE_PATH]: 'overrides = 1\n',
    });
    const result = promoteCycle(tree, REQUEST);
    expect(result.problems.map(({ code, file }) => `${code} ${file}`)).toEqual([
      `KEY_INVALID ${POLICY_PATH}`,
      'BASE_MISSING config/config.toml',
      `TOML_INVALID ${AUTO_TOML_PATH}`,
      `OVERRIDES_REFUSE_WRITE ${AUTO_TOML_PATH}`,
      `OVERRIDES_NOT_A_TABLE ${LEARNING_OVERRIDE_PATH}`,
      `OVERRIDES_REFUSE_WRITE ${LEARNING_OVERRIDE_PATH}`,
    ]);
    expect(tree.calls.filter((call) => !call.endsWith('lock'))).toEqual([]);
  });

  test('broken evidence is a warning, and changes nothing of the outcome', () => {
    const [plain, tree] = [governedTree(), governedTree({ 'reports/learning_snippets/x.json': '{' })];
    const [usual, report] = [promoted(plain), promoted(tree)];
    expect(report.proposals.map(({ id }) => id)).toEqual(usual.proposals.map(({ id }) => id));
    expect(report.gathered.warnings.warnings.map(({ code }) => code)).toEqual(['JSON_INVALID']);
  });

  test('never writes a value that a session would refuse', () => {
    const tree = governedTree({
      [POLICY_PATH]: (GOVERNED_TEXTS[POLICY_PATH] ?? '')
        .replace('max = 2.0', 'max = 3.0')
        .replace('max_step = 0.25', 'max_step = 3'),
      'reports/learning_snippets/leverage.json': evidence({
        recommended_changes: [{ target: 'portfolio.leverage', new_value: 3.5 }],
      }),
    });
    promoted(tree);
    expect(tree.files.get(AUTO_TOML_PATH)).toBe(GOVERNED_TEXTS[AUTO_TOML_PATH]);
    expect(tree.files.get(LEARNING_OVERRIDE_PATH)).not.toContain('3.5');
  });
});
