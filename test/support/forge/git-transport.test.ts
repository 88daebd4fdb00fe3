/** Row "git transport": real git over HTTP. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { GIT_ENVIRONMENT } from './git/run-git.ts';
import { openPull, startDesk } from './testing/desk.ts';

const run = promisify(execFile);
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', folder, ...args], { env: GIT_ENVIRONMENT });
  return stdout.trim();
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'forge-test-'));
  folders.push(folder);
  return folder;
}

describe('git over HTTP', () => {
  test('clones with a token as the password, filters allowed', async () => {
    const { repository, asPublisher } = await startDesk();
    const folder = await emptyFolder();
    await git(
      folder,
      'clone',
      '--quiet',
      '--filter=blob:none',
      '--no-checkout',
      asPublisher.gitUrl(repository),
      '.',
    );
    expect(await git(folder, 'rev-parse', 'HEAD')).toBe(repository.refs.get('refs/heads/main'));
    expect(await git(folder, 'rev-list', '--objects', '--missing=print', 'HEAD')).toMatch(/^\?/m);
    expect(await git(folder, 'show', 'HEAD:dir/b.txt')).toBe('b');
  });

  test('advertises refs/pull/N/head, which nobody can push', async () => {
    const desk = await startDesk();
    const { head } = await openPull(desk);
    const folder = await emptyFolder();
    await git(folder, 'init', '--quiet', '.');
    const url = desk.as(desk.bob).gitUrl(desk.repository);
    expect(await git(folder, 'ls-remote', url, 'refs/pull/*/head')).toBe(`${head}\trefs/pull/1/head`);
    await git(folder, 'fetch', '--quiet', url, 'refs/pull/1/head');
    expect(await git(folder, 'rev-parse', 'FETCH_HEAD')).toBe(head);
    await expect(git(folder, 'push', '--quiet', url, 'FETCH_HEAD:refs/pull/1/head')).rejects.toThrow(
      /hidden ref|not allowed/,
    );
  });

  test('keeps a private repository from strangers, and from writers who only read', async () => {
    const { forge, repository, eve, bob } = await startDesk();
    const folder = await emptyFolder();
    await git(folder, 'init', '--quiet', '.');
    const as = (who: typeof eve | null) =>
      git(folder, 'ls-remote', forge.as(who).in(repository).gitUrl(repository));
    await expect(as(eve)).rejects.toThrow(/not found/);
    await expect(as(null)).rejects.toThrow(/Authentication failed|could not read Username/);
    forge.setRole(repository, bob, 'read');
    const pushed = await forge.push(repository, { author: bob, branch: 'x', files: { x: 'x' } });
    expect(pushed).toMatchObject({ ok: false });
    expect(pushed.said).toContain('403');
  });

  test('a push is logged as a write by its actor', async () => {
    const { forge, repository, ann } = await startDesk();
    await forge.push(repository, { author: ann, branch: 'x', files: { x: 'x' } });
    const writes = forge.requests.filter(({ write }) => write);
    expect(writes).toMatchObject([
      { kind: 'git', path: '/desk/config.git/git-receive-pack', actor: 'ann', status: 200 },
    ]);
  });

  test('a former name redirects', async () => {
    const { forge, repository, asPublisher, organization } = await startDesk();
    const owner = forge.as(organization).in(repository);
    const former = asPublisher.gitUrl(repository);
    expect(await owner.patch('', { name: 'settings' })).toMatchObject({ status: 200 });
    const folder = await emptyFolder();
    expect(await git(folder, 'ls-remote', former, 'HEAD')).toContain(repository.refs.get('refs/heads/main'));
  });

  test('rules hold for pushes: no force, no direct push, no workflows by an App', async () => {
    const { forge, repository, ann, asPublisher } = await startDesk();
    forge.addRuleset(repository, {
      include: ['refs/heads/kept'],
      rules: [{ type: 'non_fast_forward' }, { type: 'deletion' }],
    });
    forge.addRuleset(repository, { rules: [{ type: 'pull_request' }] });
    const push = (branch: string, more: object) =>
      forge.push(repository, { author: ann, branch, files: { x: branch }, ...more });
    expect(await push('kept', {})).toMatchObject({ ok: true });
    expect(await push('kept', { files: { y: 'y' } })).toMatchObject({ ok: true });
    expect(await push('kept', { from: 'main', force: true, files: { z: 'z' } })).toMatchObject({
      ok: false,
      said: expect.stringContaining('GH013'),
    });
    expect(await push('main', {})).toMatchObject({ ok: false, said: expect.stringContaining('GH013') });
    const workflow = { author: ann, branch: 'ci', files: { '.github/workflows/x.yml': 'on: push\n' } };
    expect(await forge.push(repository, workflow, asPublisher)).toMatchObject({
      ok: false,
      said: expect.stringContaining('workflows'),
    });
    expect(await forge.push(repository, workflow)).toMatchObject({ ok: true });
  });
});
