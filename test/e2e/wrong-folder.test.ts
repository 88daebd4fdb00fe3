/** What a person hears who stands in the wrong folder: never "nothing to take back", and where the right one is. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';

/** A governed repository with live overrides, and a folder of it that holds none of its files. */
function promoted(): { tree: PromotedFolder; docs: GovernedFolder } {
  const tree = new PromotedFolder();
  tree.folder.write('docs/readme.md', 'x\n');
  tree.folder.commitAll('docs');
  tree.promote({ 'portfolio.leverage': 1.25, 'macro.regime_weight': 0.1 });
  return { tree, docs: new GovernedFolder(tree.folder.path('docs')) };
}

const COMMANDS: readonly (readonly string[])[] = [
  ['rollback', '--all'],
  ['rollback', '--all', '--publish', 'branch'],
  ['rollback', '--target', 'portfolio.leverage', '--dry-run'],
  ['disable'],
  ['hold', 'portfolio.leverage', '--reason', 'x'],
  ['status'],
  ['history'],
  ['config', 'get', 'portfolio.leverage'],
  ['promote'],
];

describe('in a subfolder of the governed folder', () => {
  test.each(COMMANDS.map((args) => [args]))('%j names the governed one, and is no success', async (args) => {
    const { tree, docs } = promoted();
    const before = tree.folder.standing();
    const run = await runHere(docs, [...args, '--json']);
    expect([run.exitCode, placesOf(answerOf(run))]).toEqual([2, ['NOT_GOVERNED docs']]);
    const [told] = answerOf(run).problems;
    const [, root = ''] = /--root (.+)\?/.exec(told?.hint ?? '') ?? [];
    expect(resolve(root)).toBe(tree.folder.root);
    expect(tree.folder.standing()).toEqual(before);
  });

  test('peak check does not judge a folder that governs nothing', async () => {
    const { tree, docs } = promoted();
    tree.folder.git('branch', 'change');
    const args = ['check', '--base', 'main', '--head', 'change', '--json'];
    const run = await runHere(docs, args, { env: { SOURCE_DATE_EPOCH: '' } });
    expect([run.exitCode, placesOf(answerOf(run))]).toEqual([2, ['NOT_GOVERNED docs']]);
  });
});

describe('outside of every governed folder', () => {
  test.each<readonly [string, (folder: GitFolder) => void]>([
    ['an empty folder', () => undefined],
    ['a repository without commits', (folder) => folder.git('init', '--quiet')],
    [
      'a repository of something else',
      (folder) => {
        folder.git('init', '--quiet');
        folder.write('main.c', 'x\n');
        folder.commitAll();
      },
    ],
  ])('%s has nothing that could be taken back, and that is no answer', async (_, make) => {
    const folder = new GitFolder(temporaryFolder());
    make(folder);
    for (const args of [['--all'], ['--target', 'portfolio.leverage', '--dry-run']]) {
      const run = await runHere(folder, ['rollback', ...args, '--json']);
      expect([run.exitCode, answerOf(run).problems.map(({ code }) => code)]).toEqual([2, ['NOT_GOVERNED']]);
    }
  });

  test('a repository in a governed folder is one of its own', async () => {
    const outer = gitFolder();
    const inner = new GitFolder(outer.path('vendor'));
    mkdirSync(inner.root);
    inner.git('init', '--quiet');
    const run = await runHere(inner, ['rollback', '--all', '--json']);
    expect([run.exitCode, answerOf(run).problems[0]?.hint]).toEqual([
      2,
      expect.not.stringContaining(outer.root),
    ]);
  });
});

describe('peak rollback with nothing to take back', () => {
  test('says what live sessions load now, and from which file', async () => {
    const { tree } = promoted();
    const told = async (...args: readonly string[]) =>
      answerOf(await runHere(tree.folder, ['rollback', ...args, '--json']));
    expect(await told('--target', 'portfolio.rebalance_frequency')).toMatchObject({
      state: 'unchanged',
      live_now: [{ target: 'portfolio.rebalance_frequency', value: 'daily', file: 'config/config.toml' }],
    });
    const live_now = [
      { target: 'macro.regime_weight', value: 0.1, file: 'config/live_overrides/auto.toml' },
      { target: 'portfolio.leverage', value: 1.25, file: 'config/live_overrides/auto.toml' },
    ];
    expect(await told('--to', 'HEAD')).toMatchObject({ state: 'unchanged', live_now });
    expect(await told('--all')).toMatchObject({ state: 'written' });
    expect(await told('--all')).toMatchObject({ state: 'unchanged', live_now: [] });
  });

  test('names the rollback that did it and is not committed yet', async () => {
    const { tree } = promoted();
    const args = ['rollback', '--target', 'portfolio.leverage', '--json'];
    const first = answerOf(await runHere(tree.folder, args));
    const { rollback_id: id } = first['record'] as { rollback_id: string };
    expect(answerOf(await runHere(tree.folder, args))).toMatchObject({
      state: 'unchanged',
      not_committed: id,
    });
    const other = ['rollback', '--target', 'strategy.trigger_delay', '--json'];
    expect(answerOf(await runHere(tree.folder, other))).toMatchObject({ not_committed: null });
    tree.folder.commitAll('back');
    expect(answerOf(await runHere(tree.folder, args))).toMatchObject({ not_committed: null });
  });

  test('works where the files are only gone from the work tree', async () => {
    const { tree } = promoted();
    execFileSync('rm', ['-r', tree.folder.path('config')]);
    const run = await runHere(tree.folder, ['rollback', '--target', 'portfolio.leverage', '--json']);
    expect(answerOf(run).problems.map(({ code }) => code)).not.toContain('NOT_GOVERNED');
  });
});

test.each([
  [['rollback', '--target', 'portfolio.leverge'], 2, 'ARGUMENT_INVALID'],
  [['hold', 'portfolio.leverge', '--reason', 'x'], 2, 'ARGUMENT_INVALID'],
  [['history', 'portfolio.leverge'], 1, 'NOT_FOUND'],
  [['history', 'nope.nope'], 1, 'NOT_FOUND'],
  [['why', 'portfolio.leverge'], 1, 'NOT_FOUND'],
  [['config', 'get', 'portfolio.leverge'], 1, 'NOT_FOUND'],
] as const)('%j: a target that nobody knows is named, with a guess', async (args, exitCode, code) => {
  const { tree } = promoted();
  const run = await runHere(tree.folder, [...args, '--json']);
  const { problems } = answerOf(run);
  expect([run.exitCode, problems.map((one) => one.code)]).toEqual([exitCode, [code]]);
  expect(problems[0]?.message).toContain(args.find((word) => word.includes('.')));
  if (args.some((word) => word === 'portfolio.leverge'))
    expect(problems[0]?.hint).toContain('portfolio.leverage');
});

describe('help belongs to the command that fails', () => {
  test.each([
    [['check', '--base', 'main', '--head', 'main'], 'NOT_A_REPOSITORY'],
    [['audit'], 'NOT_A_REPOSITORY'],
    [['rollback', '--target', 'portfolio.leverage'], 'NOT_A_REPOSITORY'],
  ] as const)('%j outside Git does not offer what it does not have', async (args, code) => {
    const run = await runHere(governedFolder(), [...args, '--json'], { env: { SOURCE_DATE_EPOCH: '' } });
    const [told, ...others] = answerOf(run).problems;
    expect([run.exitCode, told?.code, others]).toEqual([2, code, []]);
    expect(told?.hint).not.toContain('--publish');
  });

  test('a policy that is no TOML needs no killswitch, and disable says what to do', async () => {
    const folder = gitFolder();
    folder.write('config/promotion.toml', '[promotion\n');
    const run = await runHere(folder, ['disable', '--json']);
    const [told] = answerOf(run).problems;
    expect([run.exitCode, told?.code]).toEqual([2, 'TOML_INVALID']);
    expect(told?.hint).toContain('killswitch');
  });

  test.each([
    ['--all', 'whatever stands', false],
    ['--target=portfolio.leverage', 'live after', true],
  ])('a damaged auto.toml under %s', async (aim, words, isTold) => {
    const { tree } = promoted();
    tree.folder.write('config/live_overrides/auto.toml', 'x = ');
    const run = await runHere(tree.folder, ['rollback', aim, '--dry-run', '--json']);
    const [told] = answerOf(run).problems;
    expect(told?.code).toBe('ROLLBACK_REBUILT');
    expect(told?.hint?.includes(words)).toBe(isTold);
    expect(told?.hint).not.toContain('below');
  });
});
