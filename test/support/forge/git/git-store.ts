import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { type GitOptions, type GitResult, gitBytes, runGit } from './run-git.ts';

/** A bare repository on disk. */
export interface GitStore {
  readonly folder: string;
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** Standard output without the last line end; fails for another exit code than 0. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
  bytes(args: readonly string[], options?: GitOptions): Promise<Buffer>;
}

/** git-config(1). Filters and any id are allowed as on GitHub; nothing is packed behind our back. */
const CONFIGURATION = {
  'core.repositoryFormatVersion': '0',
  'core.bare': 'true',
  'http.receivepack': 'true',
  'uploadpack.allowFilter': 'true',
  'uploadpack.allowAnySHA1InWant': 'true',
  'receive.hideRefs': 'refs/pull',
  'receive.autogc': 'false',
  'receive.fsckObjects': 'false',
  'receive.advertisePushOptions': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'core.logAllRefUpdates': 'false',
};

const squeeze = promisify(deflate);

/** Makes an empty bare repository; `parent` lends its objects (forks share them on GitHub, too). */
export async function createGitStore(
  folder: string,
  defaultBranch: string,
  parent?: GitStore,
): Promise<GitStore> {
  // what `git init --bare` makes, without its samples and without a process
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  const lines = Object.entries(CONFIGURATION).map(([key, value]) => {
    const [section = '', name = ''] = key.split('.');
    return `[${section}]\n\t${name} = ${value}\n`;
  });
  await writeFile(join(folder, 'config'), lines.join(''));
  if (parent !== undefined) {
    await writeFile(join(folder, 'objects/info/alternates'), `${join(parent.folder, 'objects')}\n`);
  }
  return openGitStore(folder);
}

/** The bare repository in a folder. */
export function openGitStore(folder: string): GitStore {
  const bytes: GitStore['bytes'] = (args, options) => gitBytes(folder, args, options);
  return {
    folder,
    run: (args, options) => runGit(folder, args, options),
    bytes,
    text: async (args, options) => (await bytes(args, options)).toString('utf8').replace(/\n$/, ''),
  };
}

/** Writes a blob as a loose object, without a process for each; answers its id. */
export async function writeBlob(store: GitStore, content: Buffer): Promise<string> {
  const bytes = Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]);
  const id = createHash('sha1').update(bytes).digest('hex');
  const path = join(store.folder, 'objects', id.slice(0, 2), id.slice(2));
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.hrtime.bigint()}`;
  await writeFile(draft, await squeeze(bytes), { mode: 0o444 });
  await rename(draft, path);
  return id;
}

/** The kind of an object, or null when there is none. */
export async function typeOf(store: GitStore, id: string): Promise<string | null> {
  if (!/^[0-9a-f]{40}$/.test(id)) return null;
  const { code, stdout } = await store.run(['cat-file', '-t', id]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** The commit that a branch, tag, full ref or id names, or null. */
export async function findCommit(store: GitStore, name: string): Promise<string | null> {
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, name]) {
    if (candidate.startsWith('-')) continue;
    const found = await store.run([
      'rev-parse',
      '--quiet',
      '--verify',
      '--end-of-options',
      `${candidate}^{commit}`,
    ]);
    if (found.code === 0) return found.stdout.toString('utf8').trim();
  }
  return null;
}
