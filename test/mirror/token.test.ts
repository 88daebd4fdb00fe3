/** Where the mirror's token goes: into the environment of the git that fetches, and nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { openPull } from '../support/forge/testing/desk.ts';
import { SECRET, watchGit } from '../support/github/watch-git.ts';
import { type MirrorDesk, mirrorDesk } from '../support/mirror/mirror-desk.ts';

afterEach(() => vi.unstubAllEnvs());

/** Every byte of every file below a folder. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');
}

function expectKept(desk: MirrorDesk, token: string, seen: ReturnType<ReturnType<typeof watchGit>['seen']>) {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const stored = everythingIn(desk.folder);
  expect(stored).toContain('repositoryformatversion');
  for (const secret of [token, basic]) expect(stored).not.toContain(secret);
  for (const { command, argv, variables } of seen) {
    expect(argv).toContain('"argv"');
    expect(argv).not.toMatch(SECRET);
    for (const secret of [token, basic]) expect(argv).not.toContain(secret);
    expect([command, variables]).toEqual([command, command === 'fetch' ? ['GIT_CONFIG_VALUE_1'] : []]);
  }
}

test('a whole judgement shows it to nobody', async () => {
  const desk = await mirrorDesk();
  const { seen } = watchGit();
  const mirror = desk.open();
  const base = await mirror.syncBase('main');
  const { number, head } = await openPull(desk);
  const found = await mirror.syncHead({ pull: number }, head);
  expect(desk.token).toMatch(SECRET);
  await found?.repository.mergeTree(base?.tip as string, head);
  await mirror.syncNotes();
  expectKept(desk, desk.token, seen());
  expect(seen().filter(({ command }) => command === 'fetch').length).toBeGreaterThanOrEqual(3);
  await found?.release();
});

/** What refuses, and repeats what it was sent in every way that git hands on. */
async function echo(status: number): Promise<string> {
  const server = createServer((request, response) => {
    const sent = request.headers.authorization ?? '';
    const password = Buffer.from(sent.split(' ')[1] ?? '', 'base64').toString();
    const headers = { 'content-type': 'text/plain', 'www-authenticate': `Basic realm="${password}"` };
    response.writeHead(status, `No ${password}`, headers).end(`you sent ${sent}, which is ${password}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  [401, 'GITHUB_REFUSED'],
  [403, 'GITHUB_REFUSED'],
  [404, 'GITHUB_REFUSED'],
  [500, 'GITHUB_UNREACHABLE'],
])('a server that answers %i and repeats it: %s, without it', async (status, code) => {
  const desk = await mirrorDesk();
  const { seen } = watchGit();
  const url = `${await echo(status)}/desk/config.git`;
  const error: unknown = await desk
    .open({ url })
    .syncBase('main')
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  expect(shown).not.toMatch(SECRET);
  expect(shown).not.toContain(desk.token);
  expectKept(desk, desk.token, seen());
});

/** What speaks git's protocol only to say that it will not, in words that git hands on. */
async function refuser(): Promise<string> {
  const server = createServer((request, response) => {
    const sent = request.headers.authorization ?? '';
    const password = Buffer.from(sent.split(' ')[1] ?? '', 'base64').toString();
    const line = `ERR no ${sent} no ${password}`;
    const packet = `${(line.length + 4).toString(16).padStart(4, '0')}${line}`;
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
    response.end(`001e# service=git-upload-pack\n0000${packet}0000`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a server whose own words repeat it: the error says them without it', async () => {
  const desk = await mirrorDesk();
  const url = `${await refuser()}/desk/config.git`;
  const error: unknown = await desk
    .open({ url })
    .syncBase('main')
    .catch((reason: unknown) => reason);
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  expect(shown).toContain('[redacted]');
  expect(shown).not.toMatch(SECRET);
  expect(shown).not.toContain(desk.token);
});

test.each([
  ['that has run out', null],
  ['of nobody', 'ghs_0000000000000000000000000000000000000'],
])('a token %s is refused', async (_, other) => {
  const desk = await mirrorDesk();
  desk.forge.expire(desk.token);
  const mirror = desk.open({ token: other ?? desk.token });
  await expect(mirror.syncBase('main')).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
  await expect(mirror.syncHead({ pull: 1 })).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
});
