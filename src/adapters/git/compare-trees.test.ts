import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TreeComparison } from '../../cycles/comparison-port.ts';
import { openGitRepository } from './git-repository.ts';

let root: string;
let git: TreeComparison;
let below: TreeComparison;
const commits: Record<string, string> = {};

function run(...args: readonly string[]): string {
  const person = { NAME: 'A', EMAIL: 'a@example.org', DATE: '1700000000 +0000' };
  const identity = Object.entries(person).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  const env = {
    PATH: process.env['PATH'],
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(identity),
  };
  return execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A commit with these files on top of a ref, on a branch of its own. */
function commit(name: string, from: string | null, files: Readonly<Record<string, string | null>>): void {
  if (from === null) run('checkout', '--quiet', '--orphan', name);
  else run('checkout', '--quiet', '-b', name, from);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (text === null) rmSync(join(root, path));
    else writeFileSync(join(root, path), text);
  }
  run('add', '--all');
  run('commit', '--quiet', '--allow-empty', '-m', name);
  commits[name] = run('rev-parse', 'HEAD');
}

function of(name: string): string {
  return commits[name] ?? '';
}

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'peak-compare-')));
  run('init', '--quiet', '--initial-branch=unused');
  commit('base', null, { 'sub/a.txt': 'a\n', 'sub/b.txt': '1\n2\n3\n', 'top.txt': 'top\n' });
  commit('left', 'base', { 'sub/b.txt': '1\n2\nleft\n', 'sub/new\t"ü".txt': 'x' });
  commit('right', 'base', { 'sub/a.txt': null, 'sub/moved.txt': 'a\n', 'top.txt': 'other\n' });
  commit('clash', 'base', { 'sub/b.txt': '1\n2\nclash\n' });
  commit('orphan', null, { 'x.txt': 'x' });
  run('checkout', '--quiet', 'left');
  const [whole, part] = await Promise.all([openGitRepository(root), openGitRepository(join(root, 'sub'))]);
  if (whole === null || part === null) throw new Error('the test repository was not found');
  git = whole;
  below = part;
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('mergeBases', () => {
  test('answers the best common ancestor, and none for unrelated histories', async () => {
    expect(await git.mergeBases(of('left'), of('right'))).toEqual([of('base')]);
    expect(await git.mergeBases(of('base'), of('right'))).toEqual([of('base')]);
    expect(await git.mergeBases(of('left'), of('orphan'))).toEqual([]);
  });

  test('answers all of a criss-cross merge', async () => {
    const tree = run('merge-tree', '--write-tree', of('left'), of('right'));
    const merge = (a: string, b: string) => run('commit-tree', tree, '-p', a, '-p', b, '-m', 'merge');
    const ends = [merge(of('left'), of('right')), merge(of('right'), of('left'))] as const;
    expect([...(await git.mergeBases(...ends))].sort()).toEqual([of('left'), of('right')].sort());
  });
});

describe('mergeTree', () => {
  test('answers the tree of a clean merge, and null for a conflict', async () => {
    const tree = await git.mergeTree(of('left'), of('right'));
    expect(tree).toBe(run('merge-tree', '--write-tree', of('left'), of('right')));
    expect(await git.mergeTree(of('left'), of('clash'))).toBeNull();
  });

  test('moves nothing', async () => {
    const before = [run('status', '--porcelain'), run('for-each-ref'), run('rev-parse', 'HEAD')];
    await git.mergeTree(of('left'), of('right'));
    expect([run('status', '--porcelain'), run('for-each-ref'), run('rev-parse', 'HEAD')]).toEqual(before);
  });

  test('rejects what is no commit', async () => {
    await expect(git.mergeTree(of('left'), '1'.repeat(40))).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await expect(git.mergeTree('HEAD', of('left'))).rejects.toMatchObject({ name: 'BugError' });
  });
});

describe('diff', () => {
  test('tells a rename as removal and addition, with ids, modes and sizes', async () => {
    const changes = await git.diff(of('base'), of('right'));
    const oid = run('rev-parse', `${of('base')}:sub/a.txt`);
    const file = { oid, mode: '100644', sizeBytes: 2 };
    expect(changes.map(({ path }) => path)).toEqual(['sub/a.txt', 'sub/moved.txt', 'top.txt']);
    expect(changes.slice(0, 2)).toEqual([
      { path: 'sub/a.txt', before: file, after: null },
      { path: 'sub/moved.txt', before: null, after: file },
    ]);
  });

  test('takes odd names as they are, and a tree for a commit', async () => {
    const tree = run('rev-parse', `${of('left')}^{tree}`);
    const paths = (await git.diff(of('base'), tree)).map(({ path }) => path);
    expect(paths).toEqual(['sub/b.txt', 'sub/new\t"ü".txt']);
    expect(await git.diff(tree, tree)).toEqual([]);
  });

  test('marks what lies outside of the governed root', async () => {
    const paths = (await below.diff(of('base'), of('right'))).map(({ path }) => path);
    expect(paths).toEqual(['/top.txt', 'a.txt', 'moved.txt']);
  });

  test('is not bent by configuration, attributes or replace refs', async () => {
    run('config', 'diff.renames', 'copies');
    run('config', 'diff.external', 'false');
    run('config', 'diff.ignoreSubmodules', 'all');
    run(
      'replace',
      '--force',
      run('rev-parse', `${of('right')}^{tree}`),
      run('rev-parse', `${of('base')}^{tree}`),
    );
    writeFileSync(join(root, '.git/info/attributes'), '* diff=x merge=x\n');
    expect((await git.diff(of('base'), of('right'))).length).toBe(3);
  });
});

test('time answers the committer time', async () => {
  expect(await git.time(of('base'))).toBe(1_700_000_000_000);
});
