import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommit, type GitStore, typeOf, writeBlob } from '../git/git-store.ts';
import { ZERO_ID } from '../git/ref-names.ts';
import { type Answer, created, ok, paramIn, type RepositoryCall, textOf } from '../http/call.ts';
import { invalid, notFound, Refusal } from '../http/refusal.ts';
import { repositoryApi } from '../views/urls.ts';
import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';

interface TreeEntry {
  readonly path?: string;
  readonly mode?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

/** `POST git/trees`, on top of `base_tree` if there is one; `sha: null` removes. */
export async function createTree({ world, repository, body }: RepositoryCall): Promise<Answer> {
  const { git } = repository;
  const base = textOf(body, 'base_tree');
  const baseTree = base === undefined ? null : await treeOf(git, base);
  if (base !== undefined && baseTree === null) throw invalid('Tree', 'base_tree', 'base_tree is not a tree');
  const entries = (body['tree'] ?? []) as readonly TreeEntry[];
  if (entries.length === 0) throw invalid('Tree', 'tree', 'Invalid tree info');
  const sha = await writeTree(git, { baseTree, entries, name: `index-${world.nextId()}` });
  return created(await viewTree(world, repository, { sha, isRecursive: false }));
}

/** `GET git/trees/{tree_sha}`: `truncated` beyond the limit, as for GitHub's large trees. */
export async function getTree(call: RepositoryCall): Promise<Answer> {
  const { world, repository, query } = call;
  const name = paramIn(call, 'tree_sha');
  const sha = await treeOf(repository.git, name);
  if (sha === null) throw notFound();
  // GitHub takes any value, even 0 and false, for a yes
  return ok(await viewTree(world, repository, { sha, isRecursive: query['recursive'] !== undefined }));
}

async function treeOf(git: GitStore, name: string): Promise<string | null> {
  const commit = await findCommit(git, name);
  if (commit !== null) return git.text(['rev-parse', `${commit}^{tree}`]);
  return (await typeOf(git, name)) === 'tree' ? name : null;
}

interface TreeDraft {
  readonly baseTree: string | null;
  readonly entries: readonly TreeEntry[];
  /** Of the temporary index file. */
  readonly name: string;
}

async function writeTree(git: GitStore, { baseTree, entries, name }: TreeDraft): Promise<string> {
  const index = join(git.folder, name);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (baseTree !== null) await git.text(['read-tree', baseTree], { env });
    const lines: string[] = [];
    for (const entry of entries) lines.push(await indexLine(git, entry, baseTree));
    const added = await git.run(['update-index', '-z', '--replace', '--index-info'], {
      input: lines.filter((line) => line !== '').join(''),
      env,
    });
    // git leaves out what it must not take, and goes on
    if (added.code !== 0 || /^ignoring path/im.test(added.stderr))
      throw invalid('Tree', 'path', 'tree.path contains a malformed path component');
    const written = await git.run(['write-tree'], { env });
    if (written.code !== 0) throw invalid('Tree', 'sha', 'tree.sha is not a valid object');
    return written.stdout.toString('utf8').trim();
  } finally {
    await rm(index, { force: true });
  }
}

/** A line of `git update-index --index-info`. */
async function indexLine(git: GitStore, entry: TreeEntry, baseTree: string | null): Promise<string> {
  const { path = '', mode = '100644', sha, content } = entry;
  if (path === '' || path.startsWith('/') || path.includes('\0'))
    throw invalid('Tree', 'path', 'malformed path');
  if (content !== undefined) return `${mode} ${await writeBlob(git, Buffer.from(content))}\t${path}\0`;
  if (sha === null) {
    const listed = baseTree === null ? '' : await git.text(['ls-tree', '-z', baseTree, '--', path]);
    if (listed === '') throw new Refusal(422, 'GitRPC::BadObjectState');
    return `0 ${ZERO_ID}\t${path}\0`;
  }
  if (sha === undefined) throw invalid('Tree', 'sha', 'tree.sha or tree.content must be given');
  if (mode === '040000') return subtreeLines(git, sha, path);
  if (mode !== '160000' && (await typeOf(git, sha)) !== 'blob') {
    throw invalid('Tree', 'sha', `tree.sha ${sha} is not a valid blob`);
  }
  return `${mode} ${sha}\t${path}\0`;
}

async function subtreeLines(git: GitStore, sha: string, path: string): Promise<string> {
  if ((await typeOf(git, sha)) !== 'tree')
    throw invalid('Tree', 'sha', `tree.sha ${sha} is not a valid tree`);
  const listed = await git.text(['ls-tree', '-r', '-z', sha]);
  const lines = listed.split('\0').filter((line) => line !== '');
  return lines
    .map((line) => {
      const [head = '', name = ''] = line.split('\t');
      const [mode, , id] = head.split(' ');
      return `${mode} ${id}\t${path}/${name}\0`;
    })
    .join('');
}

interface ShownTree {
  readonly sha: string;
  readonly isRecursive: boolean;
}

async function viewTree(
  world: World,
  repository: Repository,
  { sha, isRecursive }: ShownTree,
): Promise<Json> {
  const recursion = isRecursive ? ['-r', '-t'] : [];
  const listed = await repository.git.text(['ls-tree', '-l', '-z', ...recursion, sha]);
  const lines = listed.split('\0').filter((line) => line !== '');
  const entries = lines.slice(0, world.treeLimit).map((line) => viewEntry(world, repository, line));
  const url = repositoryApi(world, repository, `/git/trees/${sha}`);
  return { sha, url, tree: entries, truncated: lines.length > world.treeLimit };
}

function viewEntry(world: World, repository: Repository, line: string): Json {
  const tab = line.indexOf('\t');
  const [mode, type = '', sha, size] = line.slice(0, tab).split(/ +/);
  const url = repositoryApi(world, repository, `/git/${type}s/${sha}`);
  const isBlob = type === 'blob';
  return { path: line.slice(tab + 1), mode, type, sha, ...(isBlob ? { size: Number(size) } : {}), url };
}
