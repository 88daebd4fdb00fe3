/** What machine, server, and pushed names could bend: where objects come from, and what they say. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { MIRROR_LIMITS, openMirror } from '../../src/adapters/mirror/index.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { openPull } from '../support/forge/testing/desk.ts';
import { ForgedStore } from '../support/mirror/forged-store.ts';
import { type MirrorDesk, mirrorDesk } from '../support/mirror/mirror-desk.ts';

afterEach(() => vi.unstubAllEnvs());

const tipOf = ({ repository }: MirrorDesk) => repository.refs.get('refs/heads/main') as string;

/** A server that answers every request in one way, and remembers them. */
async function trap(status: number, location = ''): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(status, location === '' ? {} : { location: `${location}${request.url}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('replacements that somebody pushes are neither fetched nor obeyed', async () => {
  const desk = await mirrorDesk({ 'config/promotion.toml': 'mode = "disabled"\n' });
  const store = new ForgedStore(desk.repository);
  const honest = store.git(['rev-parse', 'main:config/promotion.toml']);
  const loose = store.object('blob', 'mode = "bounded_auto"\n');
  store.git(['update-ref', `refs/replace/${honest}`, loose]);
  const mirror = desk.open();
  await mirror.syncBase('main');
  const { number } = await openPull(desk, { files: { 'a.txt': 'a' } });
  const found = await mirror.syncHead({ pull: number });
  const folder = join(desk.folder, '7/mirror.git');
  // Even where it has come in by another way.
  mkdirSync(join(folder, 'refs/replace'));
  writeFileSync(join(folder, 'refs/replace', honest), `${tipOf(desk)}\n`);
  for (const repository of [mirror.repository, found?.repository]) {
    const [bytes] = (await repository?.read([honest])) ?? [];
    expect(Buffer.from(bytes as Uint8Array).toString()).toBe('mode = "disabled"\n');
  }
  await expect(mirror.repository.read([loose])).rejects.toMatchObject({ code: 'GIT_FAILED' });
});

test('settings of the machine lead nowhere else, and merge nothing', async () => {
  const desk = await mirrorDesk({ 'a.txt': 'one\n' });
  const elsewhere = await trap(500);
  const home = temporaryFolder();
  const driver = `touch ${join(home, 'ran')}`;
  writeFileSync(
    join(home, '.gitconfig'),
    `[url "${elsewhere.url}/"]\n\tinsteadOf = ${desk.forge.serverUrl}/\n[merge "evil"]\n\tdriver = ${driver}\n` +
      `[core]\n\tattributesFile = ${join(home, 'attributes')}\n\thooksPath = ${home}\n[fetch]\n\tfsckObjects = false\n`,
  );
  writeFileSync(join(home, 'attributes'), '* merge=evil\n');
  mkdirSync(join(home, 'git'));
  writeFileSync(join(home, 'git/attributes'), '* merge=union\n');
  writeFileSync(join(home, '.netrc'), `machine 127.0.0.1 login eve password wrong\n`);
  for (const [name, value] of Object.entries({
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.attributesFile',
    GIT_CONFIG_VALUE_0: join(home, 'attributes'),
    GIT_DIR: home,
    GIT_OBJECT_DIRECTORY: home,
    GIT_NAMESPACE: 'evil',
  }))
    vi.stubEnv(name, value);
  const mirror = desk.open();
  const base = await mirror.syncBase('main');
  vi.unstubAllEnvs();
  const push = (branch: string, text: string) =>
    desk.forge.push(desk.repository, {
      author: desk.ann,
      branch,
      from: base?.tip as string,
      files: { 'a.txt': text, '.gitattributes': '* merge=union\n' },
    });
  const [ours, theirs] = [(await push('ours', 'two\n')).commit, (await push('theirs', 'three\n')).commit];
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', home);
  await mirror.syncBase('ours');
  const found = await mirror.syncHead({ branch: 'theirs' }, theirs);
  expect(await found?.repository.mergeTree(ours, theirs)).toBeNull();
  expect(elsewhere.asked).toEqual([]);
});

test('a redirect is refused, and what stands behind it never asked', async () => {
  const desk = await mirrorDesk();
  const target = await trap(200);
  for (const status of [301, 302, 307, 308]) {
    const { url, asked } = await trap(status, target.url);
    const mirror = desk.open({ url: `${url}/desk/config.git` });
    await expect(mirror.syncBase('main')).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
    expect(asked.length).toBeGreaterThan(0);
  }
  expect(target.asked).toEqual([]);
});

test('a former name of the repository is refused', async () => {
  const desk = await mirrorDesk();
  const owner = desk.forge.as(desk.organization).in(desk.repository);
  expect(await owner.patch('', { name: 'settings' })).toMatchObject({ status: 200 });
  await expect(desk.open().syncBase('main')).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
  const renamed = desk.open({ url: desk.url.replace('config', 'settings') });
  expect(await renamed.syncBase('main')).toMatchObject({ tip: tipOf(desk) });
});

test('nobody listening is another try', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open({ url: 'http://127.0.0.1:1/desk/config.git' });
  await expect(mirror.syncBase('main')).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE' });
});

test.each([
  'ext::sh -c touch% x',
  'file:///etc/x.git',
  '/etc/x.git',
  'https://user:password@github.com/o/r.git',
  'https://github.com/o/../r.git',
  'https://github.com/../r.git',
  'https://github.com/o/...git',
  'https://github.com/o/r.git?x',
  'https://github.com/o/r\n.git',
  'https://github.com/o/r[insteadOf].git',
  'https://github.com/-o/r',
  '--upload-pack=x',
])('%s is no address', (url) => {
  const place = { id: 7, url, token: async () => 'x' };
  expect(() => openMirror(temporaryFolder(), place, MIRROR_LIMITS)).toThrow(
    expect.objectContaining({ code: 'GITHUB_REFUSED' }),
  );
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('%d is no number of a repository', (id) => {
  const place = { id, url: 'https://github.com/o/r.git', token: async () => 'x' };
  expect(() => openMirror(temporaryFolder(), place)).toThrow();
});

test.each(['', '-x', 'a..b', 'a b', 'a:b', 'a*', 'a\n', '../x', '@{-1}'])(
  'a branch cannot be called %j, and nobody is asked for it',
  async (branch) => {
    const desk = await mirrorDesk();
    const mirror = desk.open();
    await expect(mirror.syncBase(branch)).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
    await expect(mirror.syncHead({ branch })).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
    expect(desk.forge.requests).toEqual([]);
  },
);

test('a base that moves while it is fetched is what it was or what it is', async () => {
  const desk = await mirrorDesk();
  const push = (x: string) =>
    desk.forge.push(desk.repository, { author: desk.ann, branch: 'main', files: { x } });
  for (const after of [0, 1, 2]) {
    const mirror = desk.open({ folder: temporaryFolder() });
    const tips = [tipOf(desk)];
    const first = async () => tips.push((await push(`moved ${after}`)).commit);
    const cancel = desk.forge.faults.plan({ path: /desk\/config\.git/, after, effect: { first } });
    const found = await mirror.syncBase('main');
    cancel();
    expect(tips).toHaveLength(2);
    expect(tips).toContain(found?.tip);
    expect(await mirror.repository.list(found?.tip as string, [''])).not.toEqual([]);
    expect(await mirror.syncBase('main')).toMatchObject({ tip: tips[1], isRewritten: false });
  }
});
