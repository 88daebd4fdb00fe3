import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CommitLog } from '../../history/index.ts';
import { openGitRepository } from './index.ts';

let sandbox: string;
let clock = 1_700_000_000;

beforeAll(() => {
  sandbox = realpathSync(mkdtempSync(join(tmpdir(), 'peak-git-log-')));
  // Nobody's personal git configuration may decide a test.
  vi.stubEnv('HOME', sandbox);
  vi.stubEnv('XDG_CONFIG_HOME', sandbox);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(sandbox, { recursive: true, force: true });
});

class Repository {
  readonly folder = mkdtempSync(join(sandbox, 'r-'));

  constructor(branch = 'main') {
    this.git('init', '--quiet', `--initial-branch=${branch}`);
  }

  git(...args: readonly string[]): string {
    const who = { NAME: 'Somebody', EMAIL: 'somebody@example.org', DATE: `${clock} +0000` };
    const identity = Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const env = { ...process.env, ...Object.fromEntries(identity) };
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8', env, stdio: 'pipe' }).trim();
  }

  /** Commits these files, 60 seconds after the commit before, and answers its id. */
  commit(files: Readonly<Record<string, string>>): string {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
    clock += 60;
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'c');
    return this.head();
  }

  head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  async log(folder = ''): Promise<CommitLog> {
    const opened = await openGitRepository(join(this.folder, folder));
    if (opened === null) throw new Error('no repository');
    return opened;
  }
}

async function pathsAlong(repository: Repository, prefixes: readonly string[], after: string | null = null) {
  const log = await repository.log();
  const changes = await log.changesAlong({ after, until: repository.head() }, prefixes);
  return changes.map(({ id, files }) => [id, ...files.map(({ path }) => path).sort()]);
}

test('firstParents tells ids and committer times from the oldest on, and whether that is all', async () => {
  const repository = new Repository('trunk');
  const one = repository.commit({ a: '1' });
  const two = repository.commit({ a: '2' });
  const log = await repository.log();
  expect(await log.firstParents(two)).toEqual({
    commits: [
      { id: one, claimed: (clock - 60) * 1000 },
      { id: two, claimed: clock * 1000 },
    ],
    isCut: false,
  });
});

test('firstParents of a shallow clone is cut', async () => {
  const repository = new Repository();
  for (const text of ['1', '2', '3']) repository.commit({ a: text });
  const clone = new Repository();
  clone.git('fetch', '--quiet', '--depth=2', `file://${repository.folder}`, 'main');
  clone.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  const line = await (await clone.log()).firstParents(clone.head());
  expect(line.commits).toHaveLength(2);
  expect(line.isCut).toBe(true);
});

test('changesAlong counts merges of any number of parents against the first, and skips what lies elsewhere', async () => {
  const repository = new Repository();
  const first = repository.commit({ 'c/a': '1', 'other/x': '1' });
  repository.commit({ 'other/x': '2' });
  const start = repository.head();
  for (const [branch, file] of [
    ['one', 'c/b'],
    ['two', 'c/d'],
  ] as const) {
    repository.git('checkout', '--quiet', '-b', branch, start);
    repository.commit({ [file]: 'from a branch' });
  }
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'one', 'two');
  const octopus = repository.head();
  expect(repository.git('rev-list', '--parents', '--max-count=1', octopus).split(' ')).toHaveLength(4);
  expect(await pathsAlong(repository, ['c'])).toEqual([
    [first, 'c/a'],
    [octopus, 'c/b', 'c/d'],
  ]);
  expect(await pathsAlong(repository, ['c'], start)).toEqual([[octopus, 'c/b', 'c/d']]);
  expect(await pathsAlong(repository, [])).toEqual([]);
});

test('changesAlong names what was and what is there, also for links, odd names and a root in a subfolder', async () => {
  const repository = new Repository();
  repository.commit({ 'sub/a': '1', 'sub/ü\nn': 'odd', outside: 'x' });
  rmSync(join(repository.folder, 'sub/a'));
  symlinkSync('nowhere', join(repository.folder, 'sub/a'));
  const head = repository.commit({});
  const log = await repository.log('sub');
  const changes = await log.changesAlong({ after: null, until: head }, ['a', 'ü\nn']);
  expect(changes.map(({ files }) => files.map(({ path }) => path))).toEqual([['a', 'ü\nn'], ['a']]);
  expect(changes[1]?.files[0]).toMatchObject({ before: { mode: '100644' }, after: { mode: '120000' } });
  expect(changes[0]?.files[0]?.before).toBeNull();
});

test("changesAlong is not bent by a person's configuration", async () => {
  const repository = new Repository();
  const root = repository.commit({ 'c/a': '1' });
  const head = repository.commit({ 'c/a': '2' });
  for (const [key, value] of [
    ['log.showRoot', 'false'],
    ['log.follow', 'true'],
    ['log.diffMerges', 'off'],
    ['diff.relative', 'true'],
    ['diff.renames', 'copies'],
    ['color.ui', 'always'],
    ['format.pretty', 'fuller'],
  ] as const)
    repository.git('config', key, value);
  expect(await pathsAlong(repository, ['c/a'])).toEqual([
    [root, 'c/a'],
    [head, 'c/a'],
  ]);
});
