/** `peak rollback`: key by key, from history, also where files are damaged. */
import { describe, expect, test } from 'vitest';
import { parseRollbackRecord } from '../../src/governance/index.ts';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';

const AUTO = 'config/live_overrides/auto.toml';

/** Rolls back in the work tree, and answers what `--json` says. */
async function rollBack(folder: GitFolder, args: readonly string[], exitCode = 0) {
  const run = await runHere(folder, ['rollback', ...args, '--json']);
  expect([run.exitCode, run.stderr === '' || exitCode !== 0]).toEqual([exitCode, true]);
  return answerOf(run);
}

describe('peak rollback', () => {
  test('takes one target back, keeps the others, writes a record and a backup', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    const id = tree.promote({ 'portfolio.leverage': 1.5, 'macro.regime_weight': 0.1 });
    const before = tree.folder.read(AUTO);
    const told = await rollBack(tree.folder, ['--target', 'portfolio.leverage', '--reason', 'drawdown']);
    expect([tree.live('portfolio.leverage'), tree.live('macro.regime_weight')]).toEqual([1.25, 0.1]);
    expect(told).toMatchObject({
      state: 'written',
      overrides_staying: 1,
      effect: [
        { target: 'portfolio.leverage', paper: 1, live_before: 1.5, live_after: 1.25, riskier: false },
      ],
    });
    expect(tree.folder.read(`${AUTO}.backup`)).toBe(before);
    const { rollback_id } = told['record'] as { rollback_id: string };
    const file = `reports/live_promotion/${rollback_id}/rollback.json`;
    const record = parseRollbackRecord(tree.folder.read(file), file);
    expect(record.ok && record.value).toMatchObject({
      reason: 'drawdown',
      proposals: [id],
      targets: [{ target: 'portfolio.leverage', from: 1.5, to: 1.25, undone: [id] }],
    });
    expect(await rollBack(tree.folder, ['--target', 'portfolio.leverage'])).toMatchObject({
      state: 'unchanged',
    });
  });

  test('a mistyped target is no success', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    const run = await runHere(tree.folder, ['rollback', '--target', 'portfolio.leverge']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('did you mean portfolio.leverage?');
    expect(tree.live('portfolio.leverage')).toBe(1.25);
    const known = await runHere(tree.folder, ['rollback', '--target', 'macro.regime_weight']);
    expect([known.exitCode, known.stdout]).toEqual([0, expect.stringContaining('Nothing to take back')]);
  });

  test('takes a proposal back by its id or the end of it, once', async () => {
    const tree = new PromotedFolder();
    const id = tree.promote({ 'portfolio.leverage': 1.25, 'strategy.trigger_delay': 8 });
    await rollBack(tree.folder, [id.slice(-8)]);
    expect([tree.live('portfolio.leverage'), tree.live('strategy.trigger_delay')]).toEqual([1, 10]);
    tree.folder.commitAll('back');
    const again = await rollBack(tree.folder, [id]);
    expect(again).toMatchObject({
      state: 'unchanged',
      already: { commit: tree.folder.git('rev-parse', 'HEAD') },
    });
  });

  test('--to a commit takes back what came after it', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    const then = tree.folder.git('rev-parse', 'HEAD');
    tree.promote({ 'portfolio.leverage': 1.5 });
    tree.promote({ 'macro.regime_weight': 0.1 });
    await rollBack(tree.folder, ['--to', then]);
    expect([tree.live('portfolio.leverage'), tree.live('macro.regime_weight')]).toEqual([1.25, 0]);
  });

  test('--to a commit never leads to a value that was taken back since', async () => {
    const tree = new PromotedFolder();
    const id = tree.promote({ 'portfolio.leverage': 1.25 });
    const then = tree.folder.git('rev-parse', 'HEAD');
    await rollBack(tree.folder, [id]);
    tree.folder.commitAll('back');
    expect(placesOf(await rollBack(tree.folder, ['--to', then], 2))).toEqual(['ROLLBACK_NOT_BACK']);
  });

  test('never leads to a value that only passed through', async () => {
    const tree = new PromotedFolder();
    const { folder } = tree;
    tree.promote({ 'portfolio.leverage': 1.5 });
    const passing = folder.read(AUTO).replace('1.5', '3.0');
    folder.write(AUTO, passing);
    const through = folder.commitAll('part of a rebase merge');
    folder.write(AUTO, passing.replace('3.0', '1.5'));
    folder.commitAll('the rest of it');
    await rollBack(folder, ['--to', through]);
    expect(tree.live('portfolio.leverage')).toBe(1.5);
    await rollBack(folder, ['--target', 'portfolio.leverage']);
    expect(tree.live('portfolio.leverage')).toBe(1);
  });

  test('--all leaves no override, keeps every line, and says what it took back', async () => {
    const tree = new PromotedFolder();
    const ids = [tree.promote({ 'portfolio.leverage': 1.5 }), tree.promote({ 'strategy.trigger_delay': 8 })];
    const told = await rollBack(tree.folder, ['--all']);
    expect((told['record'] as { proposals: unknown }).proposals).toEqual(ids);
    expect(tree.folder.read(AUTO)).toContain('# "portfolio.leverage" has its base value');
    expect(tree.live('portfolio.leverage')).toBe(1);
  });

  test('--all needs neither a repository nor a readable file', async () => {
    const folder = new GitFolder(governedFolder().root);
    folder.write(AUTO, '[auto_applied\n"portfolio.leverage" = 9');
    const run = await runHere(folder, ['rollback', '--all', '--json']);
    expect([run.exitCode, answerOf(run)['state']]).toEqual([0, 'written']);
    expect(placesOf(answerOf(run))).toEqual(['ROLLBACK_REBUILT auto.toml']);
    expect(folder.read(AUTO)).not.toContain('= 9');
    expect(folder.read(`${AUTO}.backup`)).toContain('= 9');
  });

  test('rebuilds an auto.toml that nobody can read, and says what becomes live again', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    tree.promote({ 'portfolio.leverage': 1.5, 'macro.regime_weight': 0.1 });
    tree.folder.write(AUTO, Buffer.from([0xff, 0xfe, 0x00]));
    tree.folder.commitAll('damaged');
    const run = await runHere(tree.folder, ['rollback', '--target', 'portfolio.leverage', '--json']);
    expect(run.exitCode).toBe(0);
    expect(tree.folder.snapshot().get(`${AUTO}.backup`)).toBe('\xff\xfe\x00');
    expect(placesOf(answerOf(run))).toEqual(['ROLLBACK_REBUILT auto.toml', 'ROLLBACK_RISKIER']);
    expect(answerOf(run)['effect']).toEqual([
      expect.objectContaining({ target: 'macro.regime_weight', live_before: 0, live_after: 0.1 }),
      expect.objectContaining({
        target: 'portfolio.leverage',
        live_before: 1,
        live_after: 1.25,
        riskier: true,
      }),
    ]);
    expect([tree.live('portfolio.leverage'), tree.live('macro.regime_weight')]).toEqual([1.25, 0.1]);
  });

  test('works without a base configuration, and says that the effect is not known', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    tree.folder.write('config/config.toml', 'x = ');
    const run = await runHere(tree.folder, ['rollback', '--all', '--json']);
    expect([run.exitCode, placesOf(answerOf(run))]).toEqual([0, ['EFFECT_UNKNOWN config.toml']]);
    expect(tree.folder.read(AUTO)).not.toContain('1.25');
  });

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['nothing', [], ['ARGUMENT_INVALID']],
    ['two things', ['--all', '--target', 'portfolio.leverage'], ['ARGUMENT_INVALID']],
    ['an unknown proposal', ['live_promotion_20260101T000000Z_ffffffff'], ['ROLLBACK_UNKNOWN']],
    ['a commit that is not there', ['--to', 'f'.repeat(40)], ['ARGUMENT_INVALID']],
    ['a commit of another branch', ['--to', 'promotion-1'], ['ROLLBACK_FOREIGN']],
  ])('refuses %s, and writes nothing', async (_, args, codes) => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    const before = tree.folder.standing();
    expect(placesOf(await rollBack(tree.folder, args, 2))).toEqual(codes);
    expect(tree.folder.standing()).toEqual(before);
  });

  test.each([
    [
      'before the first commit',
      (folder: GitFolder) => folder.git('checkout', '--quiet', '--orphan', 'other'),
      ['NO_COMMIT'],
    ],
    [
      'in a shallow clone',
      (folder: GitFolder) => folder.write('.git/shallow', `${folder.git('rev-parse', 'HEAD')}\n`),
      ['HISTORY_TOO_SHALLOW'],
    ],
  ])('refuses %s', async (_, change, codes) => {
    const tree = new PromotedFolder(gitFolder());
    tree.promote({ 'portfolio.leverage': 1.25 });
    change(tree.folder);
    expect(placesOf(await rollBack(tree.folder, ['--target', 'portfolio.leverage'], 2))).toEqual(codes);
  });

  test('with nothing to take back is done', async () => {
    expect(await rollBack(gitFolder(), ['--target', 'portfolio.leverage'])).toMatchObject({
      state: 'unchanged',
    });
    expect(await rollBack(gitFolder(), ['--all'])).toMatchObject({ state: 'unchanged' });
  });
});
