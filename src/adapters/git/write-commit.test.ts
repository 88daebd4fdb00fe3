import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CommitRequest, GitRepository } from '../../cycles/git-port.ts';
import { instantFromMs } from '../../kernel/instant.ts';
import { openGitRepository } from './index.ts';

const BRANCH = 'peak/promotion/manual';

let sandbox: string;

beforeAll(() => {
  sandbox = realpathSync(mkdtempSync(join(tmpdir(), 'peak-commit-')));
  vi.stubEnv('HOME', sandbox);
  vi.stubEnv('XDG_CONFIG_HOME', sandbox);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(sandbox, { recursive: true, force: true });
});

test('commit writes base tree plus files, parents, identity, time and message, and nothing else', async () => {
  const { folder, head, repository } = await newRepository();
  const before = snapshot(folder);
  const first = await repository.commit(requestOn(head, { message: 'one\n\nPeak-Lane: manual\n' }));
  expect(snapshot(folder)).toEqual(before);
  expect(git(folder, 'cat-file', 'commit', first)).toBe(
    [
      `tree ${git(folder, 'rev-parse', `${first}^{tree}`)}`,
      `parent ${head}`,
      'author Peak promotion loop <peak@localhost> 1800000000 +0000',
      'committer Peak promotion loop <peak@localhost> 1800000000 +0000',
      '',
      'one\n\nPeak-Lane: manual',
    ].join('\n'),
  );
  expect(git(folder, 'diff', '--name-status', head, first)).toBe('A\tproposal/meta.json');

  const base = await repository.commit(requestOn(head, { branch: 'base', files: { 'base.txt': 'new' } }));
  const second = await repository.commit(
    requestOn(base, { expectedHead: first, parents: [first, base, first], files: { 'x/y': 'y' } }),
  );
  expect(await repository.resolve(BRANCH)).toBe(second);
  expect(git(folder, 'log', '-1', '--format=%P', second)).toBe(`${first} ${base}`);
  expect(git(folder, 'diff', '--name-status', base, second)).toBe('A\tx/y');
  expect(snapshot(folder)).toEqual(before);
  expect(git(folder, 'for-each-ref', '--format=%(refname)').split('\n')).toEqual([
    'refs/heads/base',
    'refs/heads/main',
    `refs/heads/${BRANCH}`,
  ]);
  expect(readdirSync(join(folder, '.git', 'refs')).sort()).toEqual(['heads', 'tags']);
  expect(git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
});

test('commit gives one id for one request, in every clone', async () => {
  const { folder, head } = await newRepository();
  const ids: string[] = [];
  for (const name of ['left', 'right']) {
    const clone = join(mkdtempSync(join(sandbox, 'clone-')), name);
    git(sandbox, 'clone', '--quiet', folder, clone);
    git(clone, 'config', 'user.name', name);
    git(clone, 'config', 'i18n.commitEncoding', name === 'left' ? 'latin1' : 'utf-8');
    ids.push(await (await open(clone)).commit(requestOn(head, { message: 'größer\n' })));
  }
  expect(ids[0]).toBe(ids[1]);
});

test('commit stores odd paths and exact bytes, whatever the attributes say', async () => {
  const { folder, head, repository } = await newRepository();
  git(folder, 'config', 'core.autocrlf', 'true');
  writeFileSync(join(folder, '.git', 'info', 'attributes'), '* text=auto eol=crlf ident\n');
  const names = [
    'a b',
    ' lead',
    'trail ',
    '"q"',
    "'",
    'new\nline',
    'tab\t',
    'back\\slash',
    'ünï-中-🚀',
    '\x01\x7f',
    '-n',
    '*',
  ];
  const bytes = new Uint8Array([0, 13, 10, 255, 10, 36, 73, 100, 36]);
  const files = new Map(names.map((name) => [`odd/${name}`, bytes]));
  const id = await repository.commit({ ...requestOn(head), files });
  const stored = await repository.list(id, ['odd']);
  expect(stored.map((file) => file.path)).toEqual([...files.keys()].sort());
  expect(await repository.read(stored.map((file) => file.oid))).toEqual(names.map(() => bytes));
  expect(git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
});

test('commit replaces what stands in the way, and only that', async () => {
  const { folder, head, repository } = await newRepository();
  git(
    folder,
    'update-index',
    '--add',
    '--cacheinfo',
    `120000,${git(folder, 'hash-object', '-w', 'base.txt')},link`,
  );
  git(folder, 'commit', '--quiet', '--message=link');
  const base = git(folder, 'rev-parse', 'HEAD');
  const id = await repository.commit(requestOn(base, { files: { link: 'file', 'base.txt': 'new' } }));
  const files = await repository.list(id, ['']);
  expect(files.map((file) => [file.path, file.mode])).toEqual([
    ['base.txt', '100644'],
    ['link', '100644'],
  ]);
  expect(await repository.list(head, [''])).toHaveLength(1);
});

test('commit lets exactly one of many racers win', async () => {
  const { head, repository } = await newRepository();
  const race = async (expectedHead: string | null) => {
    const parents = [expectedHead ?? head];
    const racers = [1, 2, 3, 4].map((n) =>
      repository.commit(
        requestOn(head, { expectedHead, parents, message: `racer ${n} of ${expectedHead}\n` }),
      ),
    );
    const results = await Promise.allSettled(racers);
    const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const losers = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(winners).toHaveLength(1);
    expect(losers).toEqual(['GIT_REF_MOVED', 'GIT_REF_MOVED', 'GIT_REF_MOVED']);
    expect(await repository.resolve(BRANCH)).toBe(winners[0]);
    return winners[0] ?? '';
  };
  await race(await race(null));
});

test('commit rejects with GIT_REF_MOVED for a head that is gone or not expected', async () => {
  const { folder, head, repository } = await newRepository();
  const gone = requestOn(head, { expectedHead: head });
  await expect(repository.commit(gone)).rejects.toMatchObject({ code: 'GIT_REF_MOVED' });
  git(folder, 'branch', BRANCH);
  await expect(repository.commit(requestOn(head))).rejects.toMatchObject({ code: 'GIT_REF_MOVED' });
  expect(await repository.resolve(BRANCH)).toBe(head);
});

test('commit refuses a branch that is checked out anywhere', async () => {
  const { folder, head, repository } = await newRepository();
  git(folder, 'worktree', 'add', '--quiet', '-b', 'elsewhere', `${folder}-tree`);
  for (const branch of ['main', 'elsewhere']) {
    await expect(repository.commit(requestOn(head, { branch, expectedHead: head }))).rejects.toMatchObject({
      code: 'GIT_FAILED',
      hint: expect.stringContaining('git worktree list'),
    });
  }
  git(folder, 'checkout', '--quiet', '--orphan', 'unborn');
  await expect(repository.commit(requestOn(head, { branch: 'unborn' }))).rejects.toMatchObject({
    code: 'GIT_FAILED',
  });
});

test('commit never moves the branch behind a symbolic ref', async () => {
  const { folder, head, repository } = await newRepository();
  git(folder, 'symbolic-ref', `refs/heads/${BRANCH}`, 'refs/heads/main');
  const id = await repository.commit(requestOn(head, { expectedHead: head }));
  expect([await repository.resolve('main'), await repository.resolve(BRANCH)]).toEqual([head, id]);
});

test('commit runs no hook, and leaves nothing behind when git fails', async () => {
  const { folder, head, repository } = await newRepository();
  const hook = join(folder, '.git', 'hooks', 'reference-transaction');
  writeFileSync(hook, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await repository.commit(requestOn(head, { branch: 'peak' }));
  const blocked = repository.commit(requestOn(head));
  await expect(blocked).rejects.toMatchObject({
    code: 'GIT_FAILED',
    message: expect.stringContaining('refs/heads/peak'),
  });
  const missing = '1'.repeat(40);
  const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
  for (const oid of [missing, tree]) {
    await expect(repository.commit(requestOn(oid, { branch: 'b' }))).rejects.toMatchObject({
      code: 'GIT_FAILED',
    });
    const merge = requestOn(head, { branch: 'b', parents: [head, oid] });
    await expect(repository.commit(merge)).rejects.toMatchObject({ code: 'GIT_FAILED' });
  }
  expect(await repository.resolve('b')).toBeNull();
  expect(readdirSync(join(folder, '.git')).filter((name) => name.startsWith('fast_import'))).toEqual([]);
});

test.each(['-x', '--all', 'a b', 'a..b', 'x.lock', '/a', 'a/', 'a\nb', '', 'HEAD'])(
  'commit refuses the branch name %j',
  async (branch) => {
    const { head, repository } = await newRepository();
    await expect(repository.commit(requestOn(head, { branch }))).rejects.toMatchObject({
      code: 'GIT_FAILED',
    });
  },
);

test.each([
  '',
  '/a',
  'a/',
  'a//b',
  '../a',
  'a/./b',
  '.git/config',
  'a/.GIT/b',
  'a/.g\u200cit/b',
  'git~1/a',
  'a\0b',
  '\ud800',
])('commit refuses the path %j', async (path) => {
  const { head, repository } = await newRepository();
  const refused = repository.commit(requestOn(head, { files: { [path]: '' } }));
  await expect(refused).rejects.toMatchObject({ code: 'GIT_FAILED' });
});

test('commit takes a request that contradicts itself for a bug', async () => {
  const { folder, head, repository } = await newRepository();
  git(folder, 'branch', BRANCH);
  const other = await repository.commit(requestOn(head, { branch: 'other' }));
  const requests = [
    requestOn(head, { parents: [] }),
    requestOn(head, { expectedHead: head, parents: [other] }),
    requestOn('HEAD'),
    requestOn(head, { message: 'a\0b' }),
    requestOn(head, { files: { a: '', 'a/b': '' } }),
    { ...requestOn(head), time: instantFromMs(-1) },
  ];
  for (const request of requests) {
    await expect(repository.commit(request)).rejects.toMatchObject({ name: 'BugError' });
  }
});

/** What a commit on another branch must leave alone. */
function snapshot(folder: string): unknown {
  return {
    status: git(folder, 'status', '--porcelain', '--branch'),
    index: readFileSync(join(folder, '.git', 'index')).toString('hex'),
    head: readFileSync(join(folder, '.git', 'HEAD'), 'utf8'),
    files: readdirSync(folder),
    base: readFileSync(join(folder, 'base.txt'), 'utf8'),
  };
}

async function newRepository(): Promise<{ folder: string; head: string; repository: GitRepository }> {
  const folder = mkdtempSync(join(sandbox, 'case-'));
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(folder, 'base.txt'), 'base\n');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=base');
  return { folder, head: git(folder, 'rev-parse', 'HEAD'), repository: await open(folder) };
}

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  const env = { PATH: process.env['PATH'], HOME: sandbox, GIT_CONFIG_NOSYSTEM: '1' };
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

type Overrides = Partial<Omit<CommitRequest, 'files'>> & { readonly files?: Record<string, string> };

/** A commit of one file on a branch that does not exist yet. */
function requestOn(base: string, { files, ...overrides }: Overrides = {}): CommitRequest {
  const contents = Object.entries(files ?? { 'proposal/meta.json': '{}\n' });
  return {
    branch: BRANCH,
    expectedHead: null,
    parents: [base],
    baseCommit: base,
    message: 'propose\n',
    time: instantFromMs(1_800_000_000_999),
    ...overrides,
    files: new Map(contents.map(([path, text]) => [path, Buffer.from(text)])),
  };
}
