/** `peak disable`, `enable`, `hold`, `release`: edits of one key, wherever they are published. */
import { describe, expect, test } from 'vitest';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { gitFolder } from '../support/cli/git-folder.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';

const POLICY = 'config/promotion.toml';
const HOLD = ['hold', 'portfolio.leverage', '--reason', 'drawdown'];

function modeIn(text: string): string | undefined {
  return /^mode = "(\w+)"/m.exec(text)?.[1];
}

async function states(folder: GovernedFolder, args: readonly string[]): Promise<unknown> {
  const run = await runHere(folder, [...args, '--json']);
  return [run.exitCode, answerOf(run)['state']];
}

describe('peak disable and enable', () => {
  test('change one word, and go back to what the mode was, committed or not', async () => {
    const folder = gitFolder((start) => start.setMode('bounded_auto'));
    const before = folder.read(POLICY);
    expect(await states(folder, ['disable'])).toEqual([0, 'written']);
    expect(folder.read(POLICY)).toBe(before.replace('"bounded_auto"  ', '"disabled"  '));
    expect(await states(folder, ['disable'])).toEqual([0, 'unchanged']);
    folder.commitAll('off');
    expect(await states(folder, ['enable', '--dry-run'])).toEqual([0, 'dry_run']);
    expect(await states(folder, ['enable'])).toEqual([0, 'written']);
    expect(folder.read(POLICY)).toBe(before);
  });

  test('need no repository; then enable has to be told the mode', async () => {
    const folder = governedFolder();
    expect(await states(folder, ['disable', '--reason', 'now'])).toEqual([0, 'written']);
    const untold = await runHere(folder, ['enable', '--json']);
    expect([untold.exitCode, placesOf(answerOf(untold))]).toEqual([2, ['ARGUMENT_INVALID']]);
    expect(await states(folder, ['enable', '--mode', 'manual_only'])).toEqual([0, 'written']);
    expect(modeIn(folder.read(POLICY))).toBe('manual_only');
  });

  test.each<readonly [string, (folder: GovernedFolder) => void]>([
    ['auto.toml', (folder) => folder.write('config/live_overrides/auto.toml', '[auto_applied')],
    ['the base configuration', (folder) => folder.write('config/config.toml', 'x = ')],
    ['the evidence', (folder) => folder.write('reports/learning_snippets/x.json', '{')],
    ['all of that', (folder) => folder.remove('config/config.toml')],
  ])('switch off with %s damaged', async (_, damage) => {
    const folder = gitFolder();
    damage(folder);
    expect(await states(folder, ['disable'])).toEqual([0, 'written']);
    expect(modeIn(folder.read(POLICY))).toBe('disabled');
  });

  test('on a branch: nothing here moves, and merging it switches off', async () => {
    const folder = gitFolder();
    const before = folder.standing();
    const run = await runHere(folder, [
      'disable',
      '--publish',
      'branch',
      '--reason',
      'Peak-Lane: auto',
      '--json',
    ]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const { branch, state } = answerOf(run) as unknown as { branch: string; state: string };
    expect(state).toBe('committed');
    expect(folder.standing()).toEqual(before);
    expect(folder.changesOf(branch)).toEqual([`M ${POLICY}`]);
    expect(modeIn(folder.show(branch, POLICY))).toBe('disabled');
    expect(folder.git('log', '-1', '--format=%(trailers:key=Peak-Lane,valueonly)', branch)).toBe('');
    expect(await states(folder, ['disable', '--publish', 'branch'])).toEqual([0, 'kept']);
    folder.git('update-ref', `refs/heads/${branch}`, 'main');
    const again = await runHere(folder, ['disable', '--publish', 'branch', '--json']);
    const other = answerOf(again) as unknown as { branch: string; state: string };
    expect([again.exitCode, other.state]).toEqual([0, 'committed']);
    expect(other.branch).not.toBe(branch);
    expect(modeIn(folder.show(other.branch, POLICY))).toBe('disabled');
    expect(folder.branches()[branch]).toBe(folder.branches()['main']);
  });

  test('refuse a form that cannot be edited alone, with its place', async () => {
    const folder = governedFolder();
    folder.write(POLICY, '# mine\n[promotion.mode]\nx = 1\n');
    const run = await runHere(folder, ['disable', '--json']);
    expect([run.exitCode, placesOf(answerOf(run))]).toEqual([2, ['TOML_EDIT_REFUSED promotion.toml:2:1']]);
  });
});

describe('peak hold and release', () => {
  test('a release that stands is not written again, until something puts the target on hold', async () => {
    const tree = new PromotedFolder();
    const { folder } = tree;
    const release = ['release', 'portfolio.leverage', '--reason', 'calm', '--json'];
    const stateOf = async (seconds: number, ...args: readonly string[]) => {
      const run = await runHere(folder, args, { env: { SOURCE_DATE_EPOCH: String(1795300000 + seconds) } });
      return answerOf(run)['state'];
    };
    expect(await stateOf(0, ...release)).toBe('written');
    const before = folder.read('config/promotion.toml');
    expect(await stateOf(60, ...release)).toBe('unchanged');
    expect(folder.read('config/promotion.toml')).toBe(before);
    expect(await stateOf(60, 'release', 'portfolio.leverage', '--reason', 'other', '--json')).toBe('written');
    folder.write('config/promotion.toml', before);
    folder.commitAll('released');
    tree.promote({ 'portfolio.leverage': 1.25 });
    expect(await stateOf(120, 'rollback', '--target', 'portfolio.leverage', '--json')).toBe('written');
    folder.commitAll('back');
    folder.amendTime('1795300180 +0000');
    expect(await stateOf(240, ...release)).toBe('written');
    expect(await stateOf(240, 'hold', 'portfolio.leverage', '--reason', 'x', '--json')).toBe('written');
    expect(await stateOf(300, ...release)).toBe('written');
  });

  test('take a hold that stands as a table of its own', async () => {
    const folder = gitFolder((start) => start.setMode('bounded_auto'));
    const hold = '\n[holds."portfolio.leverage"]\nreason = "drill"\nsince = "2026-11-01T00:00:00Z"\n';
    folder.write(POLICY, folder.read(POLICY) + hold);
    expect(await states(folder, HOLD)).toEqual([0, 'written']);
    expect(folder.read(POLICY)).toContain('\n[holds."portfolio.leverage"]\nreason = "drawdown"\n');
    const release = ['release', 'portfolio.leverage', '--reason', 'calm'];
    expect(await states(folder, release)).toEqual([0, 'written']);
    expect(folder.read(POLICY)).not.toContain('[holds');
    expect((await runHere(folder, ['promote', '--json'])).exitCode).toBe(0);
  });

  test('keep a target out of the auto lane, and let it in again', async () => {
    const folder = gitFolder((start) => start.setMode('bounded_auto'));
    expect(await states(folder, HOLD)).toEqual([0, 'written']);
    const held = await runHere(folder, ['promote', '--json']);
    const lanes = answerOf(held)['proposals'] as readonly { lane: string; changes: unknown }[];
    expect(lanes.map(({ lane }) => lane)).toContain('manual');
    const why = await runHere(folder, ['why', 'portfolio.leverage']);
    expect(why.stdout).toContain('drawdown');
    expect(await states(folder, ['release', 'portfolio.leverage', '--reason', 'calm'])).toEqual([
      0,
      'written',
    ]);
    expect(folder.read(POLICY)).toContain(
      '"portfolio.leverage" = { at = "2026-11-21T22:26:40Z", reason = "calm" }',
    );
  });

  test.each([
    ['a mistyped target', ['hold', 'portfolio.levrage', '--reason', 'x'], 1],
    ['a target that is none', ['hold', '../x', '--reason', 'x'], 1],
    ['an empty reason', ['hold', 'portfolio.leverage', '--reason', ' '], 1],
    ['a time that is past', [...HOLD, '--until', '2026-11-21T22:26:40Z'], 1],
    ['a time that is none', [...HOLD, '--until', 'soon'], 1],
    ['both at once', ['hold', 'portfolio.levrage', '--reason', 'x', '--until', 'soon'], 2],
    ['a secret', ['release', 'portfolio.leverage', '--reason', `gh${'p_'}a1B2c3D4e5F6a7B8c9D0e1F2`], 1],
  ] as const)('refuse %s, and write nothing', async (_, args, count) => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const run = await runHere(folder, [...args, '--json']);
    expect(run.exitCode).toBe(2);
    expect(placesOf(answerOf(run))).toEqual(Array(count).fill('ARGUMENT_INVALID'));
    expect(folder.snapshot()).toEqual(before);
  });

  test('can hold what cannot be checked', async () => {
    const folder = governedFolder();
    folder.write('config/config.toml', 'x = ');
    expect(await states(folder, HOLD)).toEqual([0, 'written']);
  });
});
