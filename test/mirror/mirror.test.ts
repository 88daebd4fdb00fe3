/** What the mirror answers about a real repository behind a real server. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPull } from '../support/forge/testing/desk.ts';
import { type MirrorDesk, mirrorDesk } from '../support/mirror/mirror-desk.ts';

const MISSING = '0'.repeat(39).concat('1');

/** What stands in `incoming/`: what has not been released. */
const incoming = ({ folder }: MirrorDesk) => readdirSync(join(folder, '7/incoming'));
const tipOf = ({ repository }: MirrorDesk) => repository.refs.get('refs/heads/main') as string;

test('a base is fetched whole, once, and then what is new', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  const first = await mirror.syncBase('main');
  expect(first).toEqual({ tip: tipOf(desk), previous: null, isRewritten: false });
  const files = await mirror.repository.list(tipOf(desk), ['']);
  expect(files.map(({ path }) => path)).toEqual(['a.txt', 'dir/b.txt']);
  await desk.forge.push(desk.repository, { author: desk.ann, branch: 'main', files: { c: 'c' } });
  const second = await mirror.syncBase('main');
  expect(second).toEqual({ tip: tipOf(desk), previous: first?.tip, isRewritten: false });
  expect((await mirror.repository.firstParents(tipOf(desk))).commits).toHaveLength(2);
  expect(incoming(desk)).toEqual([]);
});

test('a head stands beside the base until it is released', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  await mirror.syncBase('main');
  const { number, head } = await openPull(desk);
  const found = await mirror.syncHead({ pull: number }, head);
  expect(found?.head).toBe(head);
  const changes = await found?.repository.diff(tipOf(desk), head);
  expect(changes?.map(({ path }) => path)).toEqual(['a.txt']);
  await expect(mirror.repository.time(head)).rejects.toMatchObject({ code: 'GIT_FAILED' });
  await found?.release();
  await found?.release();
  expect(incoming(desk)).toEqual([]);
  await expect(found?.repository.time(head)).rejects.toMatchObject({ code: 'GIT_FAILED' });
});

test('what is not there is null, and leaves nothing', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  expect(await mirror.syncBase('nowhere')).toBeNull();
  expect(await mirror.syncNotes()).toBeNull();
  expect(await mirror.syncHead({ pull: 99 })).toBeNull();
  expect(await mirror.syncHead({ branch: 'nowhere' })).toBeNull();
  expect(incoming(desk)).toEqual([]);
});

test('another head than the expected one is told, and leaves nothing', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  await mirror.syncBase('main');
  const { number } = await openPull(desk);
  await expect(mirror.syncHead({ pull: number }, MISSING)).rejects.toMatchObject({ code: 'GIT_REF_MOVED' });
  expect(incoming(desk)).toEqual([]);
});

test('the branch of a merge group is a head', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  await mirror.syncBase('main');
  const branch = 'gh-readonly-queue/main/pr-1-abc';
  const { commit } = await desk.forge.push(desk.repository, { author: desk.ann, branch, files: { q: 'q' } });
  const found = await mirror.syncHead({ branch }, commit);
  expect(await found?.repository.mergeBases(tipOf(desk), commit)).toEqual([tipOf(desk)]);
  await found?.release();
});

test('a history that was rewritten is told with its former tip', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open();
  const start = tipOf(desk);
  const push = (text: string, more: object) =>
    desk.forge.push(desk.repository, { author: desk.ann, branch: 'main', files: { x: text }, ...more });
  const { commit: former } = await push('one', {});
  await mirror.syncBase('main');
  await push('two', { from: start, force: true });
  const found = await mirror.syncBase('main');
  expect(found).toEqual({ tip: tipOf(desk), previous: former, isRewritten: true });
  expect(await mirror.repository.mergeBases(former, tipOf(desk))).toEqual([start]);
});

test('the settings on disk hold neither address nor token', async () => {
  const desk = await mirrorDesk();
  await desk.open().syncBase('main');
  const config = readFileSync(join(desk.folder, '7/mirror.git/config'), 'utf8');
  expect(config).not.toMatch(/url|http|remote|extraheader/i);
});
