/** How a person names commits on the command line: steps back, names that are not there, clones that are cut. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { openGitRepository } from '../../src/adapters/git/index.ts';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { GovernedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';

const NOW = { env: { SOURCE_DATE_EPOCH: '' } };

async function check(folder: GovernedFolder, base: string, head: string) {
  const run = await runHere(folder, ['check', '--base', base, '--head', head, '--json'], NOW);
  return { exitCode: run.exitCode, answer: answerOf(run) };
}

describe('a revision', () => {
  const folder = () => {
    const made = gitFolder();
    made.write('notes.txt', '1\n');
    made.commitAll('one');
    made.git('switch', '--quiet', '--create', 'side');
    made.write('side.txt', '2\n');
    made.commitAll('side');
    made.git('switch', '--quiet', 'main');
    made.git('merge', '--quiet', '--no-ff', '--no-edit', 'side');
    return made;
  };

  test.each([
    'HEAD',
    '@',
    'HEAD~1',
    '@^',
    'main^2',
    'main~',
    'main^2~1',
    'side',
    'side^^',
    'refs/heads/main~1',
  ])('%s leads where git says', async (word) => {
    const made = folder();
    const git = await openGitRepository(made.root);
    expect(await git?.resolveRevision(word)).toBe(made.git('rev-parse', `${word}^{commit}`));
  });

  test('is a branch before a tag of the same name, in steps as well', async () => {
    const made = folder();
    const parent = made.git('rev-parse', 'main~1');
    made.git('tag', 'main', 'main~2');
    const git = await openGitRepository(made.root);
    expect(await git?.resolveRevision('main~1')).toBe(parent);
  });

  test.each([
    'HEAD~99',
    'main^3',
    'main~-1',
    'main..side',
    '^main',
    '--all',
    '-n',
    ':/one',
    'HEAD^{tree}',
    'HEAD:config',
    'HEAD@{0}',
    'main\n',
    'main~1\nside',
    '~1',
    '',
  ])('%j is none', async (word) => {
    const git = await openGitRepository(folder().root);
    expect(await git?.resolveRevision(word)).toBeNull();
  });

  test('goes for check, rollback and audit', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    tree.promote({ 'portfolio.leverage': 1.5 });
    const back = await runHere(tree.folder, ['rollback', '--to', 'HEAD~1', '--dry-run', '--json']);
    expect(answerOf(back)['effect']).toMatchObject([{ target: 'portfolio.leverage', live_after: 1.25 }]);
    expect((await check(tree.folder, 'main', 'HEAD~1')).exitCode).toBeLessThan(2);
    const audit = await runHere(tree.folder, ['audit', '--base', 'main~1', '--json'], NOW);
    expect(answerOf(audit)['base']).toBe(tree.folder.git('rev-parse', 'main~1'));
  });
});

describe('a name that leads nowhere', () => {
  test.each([
    ['nope', /git fetch origin nope/],
    ['topik', /topic/],
    ['remote-only', /origin\/remote-only/],
    ['main..topic', /main/],
    ['', /main/],
  ])('%j is named, with what to do', async (word, hint) => {
    const made = gitFolder();
    made.git('branch', 'topic');
    made.git('update-ref', 'refs/remotes/origin/remote-only', 'HEAD');
    const { exitCode, answer } = await check(made, 'main', word);
    expect([exitCode, placesOf(answer)]).toEqual([2, ['ARGUMENT_INVALID']]);
    expect(answer.problems[0]?.message).toContain(`--head "${word}"`);
    expect(answer.problems[0]?.hint).toMatch(hint);
    const back = await runHere(made, ['rollback', '--to', word, '--json']);
    expect([back.exitCode, placesOf(answerOf(back))]).toEqual([2, ['ARGUMENT_INVALID']]);
  });

  test('a repository without a commit is told so, not to fetch a base that nobody gave', async () => {
    const made = new GitFolder(temporaryFolder());
    made.git('init', '--quiet');
    const run = await runHere(made, ['audit', '--json'], NOW);
    expect([run.exitCode, answerOf(run).problems.map(({ code }) => code)]).toEqual([2, ['NO_COMMIT']]);
  });
});

test('a shallow clone is told to fetch its history, and nothing is said of the branch', async () => {
  const tree = new PromotedFolder();
  tree.folder.git('switch', '--quiet', '--create', 'change');
  tree.folder.write('notes.txt', 'x\n');
  tree.folder.commitAll('change');
  tree.folder.git('switch', '--quiet', 'main');
  tree.folder.write('other.txt', 'x\n');
  tree.folder.commitAll('moved on');
  const clone = new GovernedFolder(temporaryFolder());
  const source = `file://${tree.folder.root}`;
  execFileSync('git', ['clone', '--quiet', '--depth=1', '--no-single-branch', source, clone.root]);
  const { exitCode, answer } = await check(clone, 'origin/main', 'origin/change');
  expect([exitCode, answer.problems.map(({ code }) => code)]).toEqual([2, ['CLONE_SHALLOW']]);
  expect(answer.problems[0]?.hint).toContain('--unshallow');
  execFileSync('git', ['fetch', '--quiet', '--unshallow'], { cwd: clone.root });
  expect((await check(clone, 'origin/main', 'origin/change')).answer['conclusion']).toBe('success');
});
