import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CommitRequest, GitRepository } from '../../cycles/git-port.ts';
import { instantFromMs } from '../../kernel/instant.ts';
import { openGitRepository } from './index.ts';

const BRANCH = 'peak/promotion/manual';
const ODD_NAMES = [
  'a b.json',
  'quote".json',
  "it's.json",
  'new\nline.json',
  'tab\t.json',
  'back\\slash.json',
  'ünï-中-🚀.json',
  ':(glob)*.json',
  '-n.json',
];

let sandbox: string;

beforeAll(() => {
  sandbox = realpathSync(mkdtempSync(join(tmpdir(), 'peak-git-')));
  // Nobody's personal git configuration may decide a test.
  vi.stubEnv('HOME', sandbox);
  vi.stubEnv('XDG_CONFIG_HOME', sandbox);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(sandbox, { recursive: true, force: true });
});

describe('openGitRepository', () => {
  test('answers null outside a work tree: plain folder, no folder, a file, bare repository, .git itself', async () => {
    const plain = newFolder();
    writeFileSync(join(plain, 'file'), '');
    const bare = newFolder();
    git(bare, 'init', '--quiet', '--bare');
    const { folder } = newRepository();
    for (const root of [plain, join(plain, 'none'), join(plain, 'file'), bare, join(folder, '.git')]) {
      expect(await openGitRepository(root)).toBeNull();
    }
  });

  test('rejects where git refuses the repository, instead of taking it for none', async () => {
    const { folder } = newRepository();
    writeFileSync(join(folder, '.git', 'config'), '[core\n');
    await expect(openGitRepository(folder)).rejects.toMatchObject({ code: 'GIT_FAILED' });
    const broken = newFolder();
    writeFileSync(join(broken, '.git'), 'gitdir: nowhere\n');
    await expect(openGitRepository(broken)).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });

  test('rejects with GIT_MISSING when git is not installed', async () => {
    vi.stubEnv('PATH', newFolder());
    try {
      await expect(openGitRepository(sandbox)).rejects.toMatchObject({ code: 'GIT_MISSING' });
    } finally {
      vi.stubEnv('PATH', PATH);
    }
  });

  test('ignores a git environment that points elsewhere', async () => {
    const here = newRepository({ 'a.txt': 'here' });
    const elsewhere = newRepository({ 'b.txt': 'elsewhere' });
    const redirect = {
      GIT_DIR: join(elsewhere.folder, '.git'),
      GIT_WORK_TREE: elsewhere.folder,
      GIT_INDEX_FILE: join(elsewhere.folder, '.git', 'index'),
      GIT_OBJECT_DIRECTORY: join(elsewhere.folder, '.git', 'objects'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_EDITOR: 'false',
      EDITOR: 'false',
      PAGER: 'false',
    };
    for (const [name, value] of Object.entries(redirect)) vi.stubEnv(name, value);
    try {
      const repository = await open(here.folder);
      expect(await repository.resolve('HEAD')).toBe(here.head);
      expect((await repository.list(here.head, [''])).map((file) => file.path)).toEqual(['a.txt']);
      expect(await repository.changes([''])).toEqual([]);
      const id = await repository.commit(requestOn(here.head));
      expect(git(here.folder, 'rev-parse', BRANCH)).toBe(id);
    } finally {
      for (const name of Object.keys(redirect)) vi.stubEnv(name, undefined);
    }
  });
});

describe('head', () => {
  test('answers the commit, also when detached, and null before the first', async () => {
    const { folder, head } = newRepository();
    expect(await (await open(folder)).resolve('HEAD')).toBe(head);
    git(folder, 'checkout', '--quiet', '--detach');
    expect(await (await open(folder)).resolve('HEAD')).toBe(head);
    const empty = newFolder();
    git(empty, 'init', '--quiet');
    writeFileSync(join(empty, 'new.txt'), '');
    const repository = await open(empty);
    expect(await repository.resolve('HEAD')).toBeNull();
    expect(await repository.changes([''])).toEqual([{ path: 'new.txt', state: 'untracked' }]);
  });

  test.each([
    ['', 'an empty ref file'],
    [`${'1'.repeat(40)}\n`, 'a commit that is missing'],
  ])('rejects for a damaged branch: %j, %s', async (content) => {
    const { folder } = newRepository();
    writeFileSync(join(folder, '.git', 'refs', 'heads', 'main'), content);
    const repository = await open(folder);
    await expect(repository.resolve('HEAD')).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await expect(repository.resolve('main')).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });
});

describe('changes', () => {
  test('tells modified from untracked, among them ignored files', async () => {
    const names = ['unstaged', 'staged', 'deleted', 'removed', 'renamed', 'typed', 'same'];
    const files = Object.fromEntries(names.map((name) => [`config/${name}`, `${name}\n`]));
    const { folder } = newRepository({ ...files, '.gitignore': '*.backup\nignored/\n' });
    writeFiles(folder, {
      'config/unstaged': 'x',
      'config/staged': 'y',
      'config/added': '',
      'config/new/deep/file': '',
      'config/auto.toml.backup': '',
      'config/ignored/file': '',
      'configuration/other': '',
    });
    git(folder, 'add', 'config/staged', 'config/added');
    git(folder, 'rm', '--quiet', 'config/removed');
    git(folder, 'mv', 'config/renamed', 'config/renamed-to');
    rmSync(join(folder, 'config/deleted'));
    rmSync(join(folder, 'config/typed'));
    symlinkSync('same', join(folder, 'config/typed'));
    // Same bytes, other time: what would tempt git to refresh the index.
    utimesSync(join(folder, 'config/same'), 1, 1);
    const index = readFileSync(join(folder, '.git', 'index'));
    const modified = ['added', 'deleted', 'removed', 'renamed', 'renamed-to', 'staged', 'typed', 'unstaged'];
    expect(await (await open(folder)).changes(['config', 'no/such/folder'])).toEqual(
      [
        ...modified.map((name) => ({ path: `config/${name}`, state: 'modified' })),
        ...['auto.toml.backup', 'ignored/file', 'new/deep/file'].map((name) => ({
          path: `config/${name}`,
          state: 'untracked',
        })),
      ].sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
    expect(readFileSync(join(folder, '.git', 'index'))).toEqual(index);
  });

  test('is not swayed by the configuration of the repository', async () => {
    const { folder } = newRepository({ 'a.txt': 'one\n'.repeat(20) });
    git(folder, 'config', 'status.showUntrackedFiles', 'no');
    git(folder, 'config', 'status.renames', 'copies');
    git(folder, 'config', 'status.branch', 'true');
    git(folder, 'config', 'core.hooksPath', '.');
    git(folder, 'mv', 'a.txt', 'b.txt');
    git(folder, 'config', 'core.fsmonitor', 'touch fsmonitor-ran #');
    writeFiles(folder, { 'c.txt': '' });
    expect(await (await open(folder)).changes([''])).toEqual([
      { path: 'a.txt', state: 'modified' },
      { path: 'b.txt', state: 'modified' },
      { path: 'c.txt', state: 'untracked' },
    ]);
  });

  test('answers an untracked nested repository as one path with a slash', async () => {
    const { folder } = newRepository();
    const nested = join(folder, 'nested');
    mkdirSync(nested);
    git(nested, 'init', '--quiet');
    commitFiles(nested, { 'inner.json': '{}' });
    expect(await (await open(folder)).changes(['.'])).toEqual([{ path: 'nested/', state: 'untracked' }]);
  });

  test('keeps odd names, and takes prefixes literally', async () => {
    const { folder } = newRepository();
    writeFiles(folder, Object.fromEntries(ODD_NAMES.map((name) => [`in/${name}`, ''])));
    const repository = await open(folder);
    const expected = ODD_NAMES.map((name) => `in/${name}`).sort();
    expect((await repository.changes(['in/'])).map((change) => change.path)).toEqual(expected);
    for (const name of expected)
      expect((await repository.changes([name])).map((c) => c.path)).toEqual([name]);
    for (const pattern of ['*', 'in/*', ':/', 'i?', '[i]n'])
      expect(await repository.changes([pattern])).toEqual([]);
    expect(await repository.changes([])).toEqual([]);
    for (const outside of ['..', '/', 'in/../..', '.git', 'in//x']) {
      await expect(repository.changes([outside])).rejects.toMatchObject({ name: 'BugError' });
    }
  });

  test.runIf(process.platform === 'linux')('shows bytes that are not UTF-8', async () => {
    const { folder } = newRepository();
    const name = Buffer.from([...Buffer.from('ä-'), 0xff, 0xc3]);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'x');
    const repository = await open(folder);
    expect(await repository.changes([''])).toEqual([{ path: 'ä-\\xFF\\xC3', state: 'untracked' }]);
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '--message=odd');
    const files = await repository.list(git(folder, 'rev-parse', 'HEAD'), ['']);
    expect(files.map((file) => file.path)).toEqual(['base.txt', 'ä-\\xFF\\xC3']);
    expect(await repository.read(files.map((file) => file.oid))).toHaveLength(2);
  });
});

describe('list and read', () => {
  test('answer modes, sizes and exact bytes', async () => {
    const { folder } = newRepository({ 'b/run.sh': '#!/bin/sh\n', 'b/link-target': '', 'c.txt': '' });
    const binary = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    writeFiles(folder, { 'b/binary': binary, 'b/crlf': 'one\r\ntwo\r\n', 'b/bom': '\uFEFFx', 'b/empty': '' });
    symlinkSync('link-target', join(folder, 'b/link'));
    git(folder, 'add', '.');
    git(folder, 'update-index', '--chmod=+x', 'b/run.sh');
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},b/module`);
    git(folder, 'commit', '--quiet', '--message=modes');
    git(folder, 'config', 'core.autocrlf', 'true');
    const repository = await open(folder);
    const files = await repository.list(git(folder, 'rev-parse', 'HEAD'), ['b']);
    expect(files.map(({ path, mode, sizeBytes }) => [path, mode, sizeBytes])).toEqual([
      ['b/binary', '100644', 512],
      ['b/bom', '100644', 4],
      ['b/crlf', '100644', 10],
      ['b/empty', '100644', 0],
      ['b/link', '120000', 11],
      ['b/link-target', '100644', 0],
      ['b/module', '160000', 0],
      ['b/run.sh', '100755', 10],
    ]);
    const oids = files.slice(0, 4).map((file) => file.oid);
    const bytes = ['\uFEFFx', 'one\r\ntwo\r\n', ''].map((text) => new Uint8Array(Buffer.from(text)));
    expect(await repository.read(oids)).toEqual([new Uint8Array(binary), ...bytes]);
    expect(await repository.read([...oids].reverse())).toEqual([new Uint8Array(binary), ...bytes].reverse());
    expect(await repository.read([])).toEqual([]);
  });

  test('reject what is no blob or no commit of the repository', async () => {
    const { folder, head } = newRepository();
    const repository = await open(folder);
    for (const oid of ['1'.repeat(40), head]) {
      await expect(repository.read([oid])).rejects.toMatchObject({ code: 'GIT_FAILED' });
    }
    await expect(repository.list('1'.repeat(40), [''])).rejects.toMatchObject({ code: 'GIT_FAILED' });
    for (const name of ['HEAD', '--help', head.slice(0, 10)]) {
      await expect(repository.list(name, [''])).rejects.toMatchObject({ name: 'BugError' });
      await expect(repository.read([name])).rejects.toMatchObject({ name: 'BugError' });
    }
  });

  test('do not see replace refs', async () => {
    const { folder, head } = newRepository({ 'a.txt': 'true\n' });
    const other = commitFiles(folder, { 'a.txt': 'forged\n' });
    git(folder, 'replace', head, other);
    git(
      folder,
      'replace',
      git(folder, 'rev-parse', `${head}:a.txt`),
      git(folder, 'rev-parse', `${other}:a.txt`),
    );
    const repository = await open(folder);
    const [file] = await repository.list(head, ['a.txt']);
    expect(Buffer.from((await repository.read([file?.oid ?? '']))[0] ?? []).toString()).toBe('true\n');
  });

  test('match prefixes literally and whole', async () => {
    const { folder, head } = newRepository({ 'config/a': '', 'config.toml': '', 'config2/b': '', 'z*': '' });
    const repository = await open(folder);
    const paths = async (...prefixes: string[]) =>
      (await repository.list(head, prefixes)).map((file) => file.path);
    expect(await paths('config')).toEqual(['config/a']);
    expect(await paths('config/a', 'config', 'config.toml')).toEqual(['config.toml', 'config/a']);
    expect(await paths('z*')).toEqual(['z*']);
    expect(await paths('*')).toEqual([]);
    expect(await paths()).toEqual([]);
    expect(await paths('config', '')).toHaveLength(4);
  });

  test('handle 10,000 small blobs in one call', async () => {
    const { folder, head } = newRepository();
    const repository = await open(folder);
    const names = Array.from({ length: 10_000 }, (_, i) => `reports/${String(i).padStart(5, '0')}.json`);
    const id = await repository.commit({
      ...requestOn(head),
      files: new Map(names.map((name) => [name, Buffer.from(`{"name": "${name}"}\n`)])),
    });
    const started = performance.now();
    const files = await repository.list(id, ['reports']);
    const blobs = await repository.read(files.map((file) => file.oid));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(files.map((file) => file.path)).toEqual(names);
    expect(Buffer.from(blobs[9_999] ?? []).toString()).toBe(`{"name": "${names[9_999]}"}\n`);
  });
});

test('a root that was a file in an older commit was empty then', async () => {
  const { folder, head } = newRepository({ sub: 'a file', 'sub.txt': '' });
  rmSync(join(folder, 'sub'));
  const second = commitFiles(folder, { 'sub/a.txt': '' });
  const repository = await open(join(folder, 'sub'));
  expect(await repository.list(head, [''])).toEqual([]);
  expect(await repository.list(second, ['.'])).toMatchObject([{ path: 'a.txt' }]);
});

test('a linked work tree is a root of its own', async () => {
  const { folder, head } = newRepository();
  const linked = `${folder}-linked`;
  git(folder, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
  const second = commitFiles(linked, { 'linked.txt': '' });
  writeFiles(folder, { 'main.txt': '' });
  const repository = await open(linked);
  expect(await repository.resolve('HEAD')).toBe(second);
  expect(await repository.changes([''])).toEqual([]);
  const id = await repository.commit(requestOn(second));
  expect(await (await open(folder)).resolve(BRANCH)).toBe(id);
  await expect(
    repository.commit({ ...requestOn(head), branch: 'main', expectedHead: head }),
  ).rejects.toMatchObject({ code: 'GIT_FAILED' });
});

test('a repository of SHA-256 objects works alike', async () => {
  const folder = newFolder();
  git(folder, 'init', '--quiet', '--object-format=sha256');
  const head = commitFiles(folder, { 'a.txt': 'a' });
  const repository = await open(folder);
  const id = await repository.commit(requestOn(head));
  expect([id.length, await repository.resolve(BRANCH)]).toEqual([64, id]);
  const files = await repository.list(id, ['']);
  expect(await repository.read(files.map((file) => file.oid))).toHaveLength(2);
});

describe('a root in a subfolder', () => {
  test('sees and writes only what lies below it', async () => {
    const { folder, head } = newRepository({ 'top.txt': 'top', 'sub dir/config/a': 'a', 'sub dirt/b': 'b' });
    writeFiles(folder, { 'sub dir/new': '', outside: '', 'top.txt': 'changed' });
    const repository = await open(join(folder, 'sub dir'));
    expect(await repository.resolve('HEAD')).toBe(head);
    expect(await repository.changes([''])).toEqual([{ path: 'new', state: 'untracked' }]);
    expect((await repository.list(head, [''])).map((file) => file.path)).toEqual(['config/a']);
    expect((await repository.list(head, ['config', 'top.txt'])).map((file) => file.path)).toEqual([
      'config/a',
    ]);
    const id = await repository.commit({
      ...requestOn(head),
      files: new Map([['config/é', Buffer.from('x')]]),
    });
    expect(git(folder, '-c', 'core.quotePath=false', 'diff', '--name-status', head, id)).toBe(
      'A\tsub dir/config/é',
    );
  });
});

describe('resolve', () => {
  test('finds branches before tags, and every other name of a commit', async () => {
    const { folder, head: first } = newRepository();
    git(folder, 'tag', 'both');
    git(folder, 'tag', '--annotate', '--message=tag', 'annotated');
    git(folder, 'tag', '--annotate', '--message=nested', 'nested', 'annotated');
    git(folder, 'update-ref', 'refs/remotes/origin/main', first);
    const second = commitFiles(folder, { 'a.txt': '2' });
    git(folder, 'branch', 'both');
    const repository = await open(folder);
    for (const name of ['both', 'main', 'HEAD', 'refs/heads/both', second, second.slice(0, 8)]) {
      expect(await repository.resolve(name)).toBe(second);
    }
    for (const name of ['refs/tags/both', 'annotated', 'nested', 'origin/main', 'refs/remotes/origin/main']) {
      expect(await repository.resolve(name)).toBe(first);
    }
  });

  test('answers null for everything else, and never guesses', async () => {
    const { folder, head } = newRepository();
    git(folder, 'update-ref', 'refs/tags/refs/heads/ghost', head);
    git(folder, 'update-ref', 'refs/heads/folder/leaf', head);
    const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
    const repository = await open(folder);
    const names = [
      'none',
      'refs/heads/ghost',
      'folder',
      'HEAD~0',
      'main^{tree}',
      ':/base',
      '@',
      '@{0}',
      '--all',
      '-h',
      '*',
      'ma*',
      'main\n',
      '',
      tree,
    ];
    for (const name of [...names, '1'.repeat(40), '1'.repeat(9), `x-1-g${head.slice(0, 8)}`]) {
      expect(await repository.resolve(name), name).toBeNull();
    }
  });
});

const PATH = process.env['PATH'];

function newFolder(): string {
  return mkdtempSync(join(sandbox, 'case-'));
}

/** A repository on `main` with one commit. */
function newRepository(files: Record<string, string> = { 'base.txt': 'base\n' }): {
  folder: string;
  head: string;
} {
  const folder = newFolder();
  git(folder, 'init', '--quiet', '--initial-branch=main');
  return { folder, head: commitFiles(folder, files) };
}

function commitFiles(folder: string, files: Record<string, string>): string {
  writeFiles(folder, files);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=test');
  return git(folder, 'rev-parse', 'HEAD');
}

function writeFiles(folder: string, files: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Git as an operator would call it, with an identity and without anybody's configuration. */
function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgSign=false'];
  const env = { PATH, HOME: sandbox, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

async function open(root: string): Promise<GitRepository> {
  const repository = await openGitRepository(root);
  if (repository === null) throw new Error('the test repository was not found');
  return repository;
}

/** A commit of one file on a branch that does not exist yet. */
function requestOn(base: string): CommitRequest {
  return {
    branch: BRANCH,
    expectedHead: null,
    parents: [base],
    baseCommit: base,
    files: new Map([['proposal/meta.json', Buffer.from('{}\n')]]),
    message: 'propose\n',
    time: instantFromMs(1_800_000_000_999),
  };
}
