/** Fetches that bring too much, too slowly, or never end: each ends at its limit, and leaves neither files nor processes. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MIRROR_LIMITS } from '../../src/adapters/mirror/index.ts';
import { ForgedStore } from '../support/mirror/forged-store.ts';
import { type MirrorDesk, mirrorDesk } from '../support/mirror/mirror-desk.ts';
import { slowProxy } from '../support/mirror/slow-proxy.ts';

const MEBIBYTE = 1024 * 1024;
const { head } = MIRROR_LIMITS;

/** Processes that work below the folder of the mirrors (Linux). */
function processesIn({ folder }: MirrorDesk): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readlinkSync(join('/proc', name, 'cwd')).startsWith(folder);
      } catch {
        return false;
      }
    });
}

function expectNothingLeft(desk: MirrorDesk): void {
  expect(readdirSync(join(desk.folder, '7/incoming'))).toEqual([]);
  if (process.platform === 'linux') expect(processesIn(desk)).toEqual([]);
}

async function deskWith(evil: (store: ForgedStore) => unknown): Promise<MirrorDesk> {
  const desk = await mirrorDesk();
  await desk.open().syncBase('main');
  evil(new ForgedStore(desk.repository));
  return desk;
}

const EVIL = { branch: 'evil' };

test('more than may come in is cut off while it comes', async () => {
  const desk = await deskWith((store) =>
    store.branchOf('evil', store.object('blob', randomBytes(24 * MEBIBYTE))),
  );
  const slow = await slowProxy(desk.forge.serverUrl, { bytes: MEBIBYTE, pauseMs: 300 });
  const limits = { head: { ...head, packBytes: 4 * MEBIBYTE } };
  const mirror = desk.open({ url: `${slow}/desk/config.git`, limits });
  const started = performance.now();
  await expect(mirror.syncHead(EVIL)).rejects.toMatchObject({ code: 'OBJECTS_TOO_LARGE' });
  // All of it takes 7.2 seconds.
  expect(performance.now() - started).toBeLessThan(5000);
  expectNothingLeft(desk);
});

test('and what came in between two looks is refused as well', async () => {
  const desk = await deskWith((store) => store.branchOf('evil', store.object('blob', randomBytes(20_000))));
  const mirror = desk.open({ limits: { head: { ...head, packBytes: 10_000 } } });
  await expect(mirror.syncHead(EVIL)).rejects.toMatchObject({ code: 'OBJECTS_TOO_LARGE' });
  expectNothingLeft(desk);
});

const SMALL = { head: { ...head, objectBytes: 2 * MEBIBYTE } };

test.each<[string, (store: ForgedStore) => string]>([
  ['zeros that shrink to nothing', (store) => store.object('blob', Buffer.alloc(16 * MEBIBYTE))],
  ['a delta of a delta that unfolds', (store) => store.deltas(randomBytes(4096), [256, 16]).at(-1) as string],
])('an object that is larger than it looks: %s', async (_, blob) => {
  const desk = await deskWith((store) => store.branchOf('evil', blob(store)));
  await expect(desk.open({ limits: SMALL }).syncHead(EVIL)).rejects.toMatchObject({
    code: 'OBJECTS_TOO_LARGE',
  });
  expectNothingLeft(desk);
  const found = await desk.open().syncHead(EVIL);
  expect(found?.head).toMatch(/^[0-9a-f]{40}$/);
  await found?.release();
});

test('a large blob of a base is taken where a head with it would not be', async () => {
  const desk = await deskWith((store) =>
    store.branchOf('stable', store.object('blob', Buffer.alloc(16 * MEBIBYTE))),
  );
  expect(await desk.open({ limits: SMALL }).syncBase('stable')).toMatchObject({ previous: null });
});

test('checking that would take for ever is ended, and goes on nowhere', async () => {
  const desk = await deskWith((store) => {
    const blobs = store.variants(randomBytes(4 * MEBIBYTE), 100);
    const entries = blobs.map((oid, i) => ({ mode: '100644', name: `f${String(i).padStart(4, '0')}`, oid }));
    store.branch('evil', store.commit(store.tree(entries)));
  });
  const mirror = desk.open({ limits: { head: { ...head, seconds: 1 } } });
  const started = performance.now();
  await expect(mirror.syncHead(EVIL)).rejects.toMatchObject({ code: 'FETCH_TOO_SLOW' });
  expect(performance.now() - started).toBeLessThan(4000);
  expectNothingLeft(desk);
});

test('a server that stops in the middle is left after the time that it gets', async () => {
  const desk = await deskWith((store) =>
    store.branchOf('evil', store.object('blob', randomBytes(2 * MEBIBYTE))),
  );
  const stuck = await slowProxy(desk.forge.serverUrl, { bytes: MEBIBYTE, pauseMs: Number.POSITIVE_INFINITY });
  const limits = { head: { ...head, seconds: 1 } };
  const mirror = desk.open({ url: `${stuck}/desk/config.git`, limits });
  await expect(mirror.syncHead(EVIL)).rejects.toMatchObject({ code: 'FETCH_TOO_SLOW' });
  expectNothingLeft(desk);
});

test('on a disk with too little room nothing is fetched', async () => {
  const desk = await mirrorDesk();
  const mirror = desk.open({ limits: { minFreeBytes: Number.MAX_SAFE_INTEGER } });
  await expect(mirror.syncBase('main')).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(desk.forge.requests).toEqual([]);
  expectNothingLeft(desk);
});
