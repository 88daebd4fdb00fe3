/** What no honest git would store, pushed all the same: the fetch of that head fails, and of nothing else. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ForgedStore, type RawEntry } from '../support/mirror/forged-store.ts';
import { mirrorDesk } from '../support/mirror/mirror-desk.ts';

const PERSON = 'Eve <eve@example.com> 1795300000 +0000';

type Forgery = (store: ForgedStore) => string;

const file = (store: ForgedStore, name: string, mode = '100644'): RawEntry => ({
  mode,
  name,
  oid: store.object('blob', 'x'),
});
const holding =
  (...names: readonly string[]): Forgery =>
  (store) =>
    store.commit(store.tree(names.map((name) => file(store, name))));
const written =
  (...lines: readonly string[]): Forgery =>
  (store) =>
    store.commit(store.tree([file(store, 'a')]), lines);
const configured =
  (text: string): Forgery =>
  (store) =>
    store.commit(
      store.tree([
        { mode: '100644', name: '.gitmodules', oid: store.object('blob', text) },
        { mode: '160000', name: 'sub', oid: 'a'.repeat(40) },
      ]),
    );

const FORGERIES: Readonly<Record<string, Forgery>> = {
  'a file called .git': holding('.git'),
  'a file called .GIT': holding('.GIT'),
  'a file called git~1': holding('git~1'),
  'a file called .git with a joiner': holding('.g\u200cit'),
  'a file called ..': holding('..'),
  'a file called .': holding('.'),
  'a file with a slash': holding('config/promotion.toml'),
  'the same name twice': holding('a', 'a'),
  'names out of order': holding('b', 'a'),
  'a mode with a leading zero': (store) => store.commit(store.tree([file(store, 'a', '0100644')])),
  'an object of zeros': (store) =>
    store.commit(store.tree([{ mode: '160000', name: 'a', oid: '0'.repeat(40) }])),
  'a file that is a tree': (store) =>
    store.commit(store.tree([{ mode: '100644', name: 'a', oid: store.tree([file(store, 'b')]) }])),
  'a commit without an author': written(`committer ${PERSON}`),
  'a commit without a committer': written(`author ${PERSON}`),
  'a commit of nobody': written('author x', 'committer x'),
  'a time beyond all times': written(
    `author ${PERSON}`,
    `committer Eve <eve@example.com> 99999999999999999999 +0000`,
  ),
  'a submodule whose address is an option': configured(
    '[submodule "s"]\n\tpath = sub\n\turl = --upload-pack=x\n',
  ),
  'a submodule whose name is a way out': configured(
    '[submodule "../../x"]\n\tpath = sub\n\turl = https://x.test/x\n',
  ),
  'a .gitmodules that is a link': (store) =>
    store.commit(
      store.tree([{ mode: '120000', name: '.gitmodules', oid: store.object('blob', '/etc/passwd') }]),
    ),
};

/** What git's own server cannot even send. */
const UNSENDABLE: Readonly<Record<string, Forgery>> = {
  'a file without a name': holding(''),
  'a commit of a blob': (store) => store.commit(store.object('blob', 'x')),
};

const CASES = [
  ...Object.entries(FORGERIES).map(([name, forge]) => [name, 'OBJECTS_REFUSED', forge] as const),
  ...Object.entries(UNSENDABLE).map(([name, forge]) => [name, 'GITHUB_UNREACHABLE', forge] as const),
];

test.each(CASES)('%s is %s', async (_, code, forge) => {
  const desk = await mirrorDesk();
  const store = new ForgedStore(desk.repository);
  const mirror = desk.open();
  await mirror.syncBase('main');
  store.branch('evil', forge(store));
  await expect(mirror.syncHead({ branch: 'evil' })).rejects.toMatchObject({ code });
  expect(readdirSync(join(desk.folder, '7/incoming'))).toEqual([]);
  expect(await mirror.syncBase('main')).toMatchObject({ isRewritten: false });
});

test('a mode that no file has is the one that git makes of it', async () => {
  const desk = await mirrorDesk();
  const store = new ForgedStore(desk.repository);
  const mirror = desk.open();
  await mirror.syncBase('main');
  const tree = store.tree([file(store, 'a', '100664'), file(store, 'b', '100777')]);
  const head = store.branch('odd', store.commit(tree));
  const found = await mirror.syncHead({ branch: 'odd' }, head);
  const modes = (await found?.repository.list(head, ['']))?.map(({ mode }) => mode);
  expect(modes).toEqual(['100644', '100755']);
});

test('a submodule and a link are what they are, and nobody follows them', async () => {
  const desk = await mirrorDesk();
  const store = new ForgedStore(desk.repository);
  const mirror = desk.open();
  const base = await mirror.syncBase('main');
  const url = `[submodule "sub"]\n\tpath = sub\n\turl = ${desk.forge.serverUrl}/eve/trap.git\n`;
  const head = store.branch(
    'odd',
    store.commit(
      store.tree([
        { mode: '100644', name: '.gitmodules', oid: store.object('blob', url) },
        { mode: '120000', name: 'link', oid: store.object('blob', '/etc/passwd') },
        { mode: '160000', name: 'sub', oid: 'a'.repeat(40) },
      ]),
    ),
  );
  const found = await mirror.syncHead({ branch: 'odd' }, head);
  const changes = (await found?.repository.diff(base?.tip as string, head)) ?? [];
  expect(changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after.mode]]))).toEqual([
    ['.gitmodules', '100644'],
    ['link', '120000'],
    ['sub', '160000'],
  ]);
  const link = changes.find(({ path }) => path === 'link')?.after?.oid as string;
  expect(Buffer.from((await found?.repository.read([link]))?.[0] as Uint8Array).toString()).toBe(
    '/etc/passwd',
  );
  expect(desk.forge.requests.filter(({ path }) => path.includes('trap'))).toEqual([]);
});
