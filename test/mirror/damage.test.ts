/** A mirror whose folder was damaged, left half done, or is shared: it answers like a new one. */
import { execFileSync, fork } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPull } from '../support/forge/testing/desk.ts';
import { type MirrorDesk, mirrorDesk } from '../support/mirror/mirror-desk.ts';

const tipOf = ({ repository }: MirrorDesk) => repository.refs.get('refs/heads/main') as string;
const pathIn = ({ folder }: MirrorDesk, ...parts: string[]) => join(folder, '7', ...parts);
const packsOf = (desk: MirrorDesk) =>
  readdirSync(pathIn(desk, 'mirror.git/objects/pack')).filter((name) => name.endsWith('.pack'));

/** Changes a stored pack; git makes them read-only. */
function damage(desk: MirrorDesk, change: (path: string) => void): void {
  for (const name of packsOf(desk)) {
    const path = pathIn(desk, 'mirror.git/objects/pack', name);
    chmodSync(path, 0o600);
    change(path);
  }
}

async function pushMain(desk: MirrorDesk, text: string): Promise<void> {
  const push = { author: desk.ann, branch: 'main', files: { x: text } };
  expect(await desk.forge.push(desk.repository, push)).toMatchObject({ ok: true });
}

const DAMAGES: Readonly<Record<string, (desk: MirrorDesk) => void>> = {
  'a lock that nobody holds any more': (desk) =>
    writeFileSync(pathIn(desk, 'mirror.git/refs/peak/heads/main.lock'), ''),
  'a pack that is cut off': (desk) => damage(desk, (path) => truncateSync(path, 40)),
  'a pack that is gone': (desk) => damage(desk, (path) => rmSync(path)),
  'a ref that is none': (desk) => writeFileSync(pathIn(desk, 'mirror.git/refs/peak/heads/main'), 'nothing\n'),
  'no HEAD': (desk) => rmSync(pathIn(desk, 'mirror.git/HEAD')),
  'no refs': (desk) => rmSync(pathIn(desk, 'mirror.git/refs'), { recursive: true }),
  'a settings file that is none': (desk) => writeFileSync(pathIn(desk, 'mirror.git/config'), '[[[\n'),
  'no folder at all': (desk) => rmSync(pathIn(desk), { recursive: true }),
};

test.each(Object.entries(DAMAGES))('%s: cloned anew', async (_, harm) => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  await mirror.syncBase('main');
  harm(desk);
  await pushMain(desk, 'new');
  expect(await mirror.syncBase('main')).toMatchObject({ tip: tipOf(desk), isRewritten: false });
  const files = await mirror.repository.list(tipOf(desk), ['']);
  expect(files.map(({ path }) => path)).toEqual(['a.txt', 'dir/b.txt', 'x']);
  expect((await mirror.repository.read(files.map(({ oid }) => oid))).length).toBe(3);
  expect(readdirSync(pathIn(desk)).sort()).toEqual(['incoming', 'mirror.git']);
  expect(readdirSync(pathIn(desk, 'incoming'))).toEqual([]);
});

test('damage that only a judgement finds is repaired before the next one', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  await mirror.syncBase('main');
  damage(desk, (path) => {
    const bytes = readFileSync(path);
    bytes.fill(0xff, 14, bytes.length - 20);
    writeFileSync(path, bytes);
  });
  const { number } = await openPull(desk);
  const attempt = async () => {
    const found = await mirror.syncHead({ pull: number });
    const files = (await found?.repository.list(found.head, [''])) ?? [];
    await found?.repository.read(files.map(({ oid }) => oid));
    await found?.release();
    return files.length;
  };
  await expect(attempt()).rejects.toMatchObject({ code: 'GIT_FAILED' });
  await mirror.syncBase('main');
  expect(await attempt()).toBe(2);
});

test('bad objects of a head are no reason to clone anew', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  await mirror.syncBase('main');
  const { number } = await openPull(desk);
  const found = await mirror.syncHead({ pull: number });
  const before = packsOf(desk);
  await expect(found?.repository.read(['1'.repeat(40)])).rejects.toMatchObject({ code: 'GIT_FAILED' });
  desk.forge.requests.length = 0;
  await mirror.syncBase('main');
  expect(packsOf(desk)).toEqual(before);
  // One question, no pack.
  expect(desk.forge.requests).toHaveLength(2);
});

test('what a killed process has left is removed, what another one is doing is not', async () => {
  const desk = await mirrorDesk();
  const old = pathIn(desk, 'incoming/fetch-killed');
  const young = pathIn(desk, 'incoming/fetch-busy');
  for (const folder of [old, young]) mkdirSync(join(folder, 'objects/pack'), { recursive: true });
  writeFileSync(join(old, 'objects/pack/tmp_pack_x'), 'x');
  const yesterday = Date.now() / 1000 - 86_400;
  utimesSync(old, yesterday, yesterday);
  desk.open();
  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
});

test('many fetches do not leave many packs, and readers go on meanwhile', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  const first = await mirror.syncBase('main');
  const { number, head } = await openPull(desk);
  const found = await mirror.syncHead({ pull: number }, head);
  const store = desk.repository.git.folder;
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', store, '-c', 'user.name=x', '-c', 'user.email=x@x.test', ...args])
      .toString()
      .trim();
  for (let i = 0; i < 52; i += 1) {
    const commit = git('commit-tree', 'main^{tree}', '-p', 'main', '-m', `${i}`);
    git('update-ref', 'refs/heads/main', commit);
    await mirror.syncBase('main');
  }
  expect(packsOf(desk).length).toBeLessThan(10);
  expect((await mirror.repository.firstParents(git('rev-parse', 'main'))).commits).toHaveLength(53);
  expect(await found?.repository.mergeBases(first?.tip as string, head)).toEqual([first?.tip]);
}, 120_000);

test('calls side by side in one process', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  const { number, head } = await openPull(desk);
  const calls = Array.from({ length: 4 }, () => mirror.syncBase('main'));
  const bases = await Promise.all(calls);
  expect(new Set(bases.map((base) => base?.tip))).toEqual(new Set([tipOf(desk)]));
  const heads = await Promise.all(Array.from({ length: 4 }, () => mirror.syncHead({ pull: number }, head)));
  for (const found of heads) {
    expect(await found?.repository.time(head)).toBeGreaterThan(0);
    await found?.release();
  }
  expect(readdirSync(pathIn(desk, 'incoming'))).toEqual([]);
});

/** A process of its own that syncs base and head a few times; answers what it saw. */
function elsewhere(desk: MirrorDesk, pull: number): Promise<readonly string[]> {
  const child = fork(join(import.meta.dirname, '../support/mirror/sync-elsewhere.ts'), {
    execArgv: ['--import', 'tsx'],
    env: {
      ...process.env,
      MIRROR: JSON.stringify({ folder: desk.folder, url: desk.url, token: desk.token, pull }),
    },
  });
  return new Promise((resolve, reject) => {
    child.on('message', (seen) => resolve(seen as readonly string[]));
    child.on('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

test('several processes on one folder, from the first clone on, while the base moves', async () => {
  const desk = await mirrorDesk();
  const { number, head } = await openPull(desk);
  const others = [elsewhere(desk, number), elsewhere(desk, number), elsewhere(desk, number)];
  const tips = new Set([tipOf(desk)]);
  for (let i = 0; i < 5; i += 1) {
    await pushMain(desk, `${i}`);
    tips.add(tipOf(desk));
  }
  const seen = (await Promise.all(others)).flat();
  expect(seen.length).toBe(3 * 2 * 6);
  expect(seen.every((oid) => oid === head || tips.has(oid))).toBe(true);
  const mirror = desk.open();
  expect(await mirror.syncBase('main')).toMatchObject({ tip: tipOf(desk), isRewritten: false });
  expect((await mirror.repository.firstParents(tipOf(desk))).commits).toHaveLength(6);
  expect(readdirSync(pathIn(desk, 'incoming'))).toEqual([]);
}, 120_000);
