import { type Commit, readCommit, readCommits } from '../git/commits.ts';
import { type FileChange, readDiff } from '../git/diff.ts';
import { findCommit } from '../git/git-store.ts';
import { listCommits, mergeBase } from '../git/merge.ts';
import { type Answer, noContent, ok, paramIn, type RepositoryCall, textOf } from '../http/call.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { viewCommit } from '../views/commit-view.ts';
import { viewFileChange } from '../views/file-view.ts';
import { viewSimplePull } from '../views/pull-view.ts';
import { repositoryApi, repositoryPage } from '../views/urls.ts';
import { emitEvent } from '../webhooks/emit.ts';
import type { Json, Repository } from '../world/model.ts';
import { actorOf } from './actor-of.ts';

/** https://docs.github.com/rest/commits/commits#compare-two-commits */
const COMPARED_FILES = 300;
const COMPARED_COMMITS = 250;
/** What git makes of no tree at all. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
/** https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event, and `github-facts.md` C.1. */
const DISPATCH_KEYS = 10;
const DISPATCH_BYTES = 65_535;
/** Enough for tests; GitHub has no end here. */
const LISTED_COMMITS = 1000;

/** `GET commits`. */
export async function listCommitsOf({ world, repository, query }: RepositoryCall): Promise<Answer> {
  const { git } = repository;
  const start = await findCommit(git, query['sha'] ?? repository.defaultBranch);
  if (start === null) throw new Refusal(repository.refs.size === 0 ? 409 : 404, 'Git Repository is empty.');
  const path = query['path'];
  const paths = path === undefined ? [] : ['--', path];
  const output = await git.text(['rev-list', `--max-count=${LISTED_COMMITS}`, start, ...paths]);
  const commits = await readCommits(git, output.split('\n').filter(Boolean));
  return ok(commits.map((commit) => viewCommit(world, repository, commit)));
}

/** `GET commits/{ref}`: with its files against the first parent. */
export async function getCommit(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const sha = await findCommit(repository.git, paramIn(call, 'ref'));
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${paramIn(call, 'ref')}`);
  const commit = await readCommit(repository.git, sha);
  const changes = await readDiff(repository.git, commit.parents[0] ?? EMPTY_TREE, sha);
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return ok({
    ...viewCommit(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: changes.map((change) => viewFileChange(world, repository, { change, sha })),
  });
}

/** `GET compare/{basehead}`: three dots, as GitHub always compares; both sides may be `user:branch`. */
export async function compareCommits(call: RepositoryCall): Promise<Answer> {
  const { repository } = call;
  const [baseName = '', headName = ''] = paramIn(call, 'basehead').split('...');
  const base = await findSide(call, baseName);
  const head = await findSide(call, headName);
  const common = base === null || head === null ? null : await mergeBase(repository.git, base, head);
  if (base === null || head === null || common === null) throw notFound();
  return ok(await viewComparison(call, { base, head, common }));
}

/** `GET commits/{commit_sha}/pulls`: open ones with that head, and the merged one that brought it. */
export function listPullsOfCommit(call: RepositoryCall): Answer {
  const { world, repository } = call;
  const sha = paramIn(call, 'commit_sha');
  const pulls = [...repository.pulls.values()].filter(
    ({ head, mergeCommit }) => head.sha === sha || mergeCommit === sha,
  );
  return ok(pulls.map((pull) => viewSimplePull(world, repository, pull)));
}

/** `GET contents/{path}`: a file, or a directory's list. */
export async function getContent(call: RepositoryCall): Promise<Answer> {
  const { repository, query } = call;
  const { git } = repository;
  const path = paramIn(call, 'path').replace(/\/$/, '');
  const commit = await findCommit(git, query['ref'] ?? repository.defaultBranch);
  if (commit === null) throw notFound();
  const place = path === '' ? [] : ['--', path];
  const entry = path === '' ? '040000 tree' : await git.text(['ls-tree', '-z', commit, ...place]);
  if (entry === '') throw notFound();
  const isFolder = entry.startsWith('040000');
  const listed = isFolder ? ['--', `${path === '' ? '.' : path}/`] : place;
  const lines = (await git.text(['ls-tree', '-l', '-z', commit, ...listed])).split('\0').filter(Boolean);
  const views = lines.map((line) => viewEntry(call, line));
  if (isFolder) return ok(views);
  const [file = {}] = views;
  const content = await git.bytes(['cat-file', 'blob', String(file['sha'])]);
  return ok({ ...file, encoding: 'base64', content: content.toString('base64').replace(/.{60}/g, '$&\n') });
}

/** `POST dispatches`: becomes a `repository_dispatch` event. */
export function createDispatch(call: RepositoryCall): Answer {
  const { world, repository, body } = call;
  const payload = (body['client_payload'] ?? {}) as Json;
  const isTooMuch =
    Object.keys(payload).length > DISPATCH_KEYS || JSON.stringify(payload).length > DISPATCH_BYTES;
  if (isTooMuch) throw new Refusal(422, 'No more than 10 properties are allowed; 64 KB at most.');
  emitEvent(world, repository, {
    event: 'repository_dispatch',
    sender: actorOf(call),
    payload: {
      action: textOf(body, 'event_type') ?? '',
      branch: repository.defaultBranch,
      client_payload: payload,
    },
  });
  return noContent();
}

async function findSide({ world, repository }: RepositoryCall, name: string): Promise<string | null> {
  const [owner = '', ...rest] = name.split(':');
  if (rest.length === 0) return findCommit(repository.git, name);
  const network = world.repositories.filter(
    (entry) => entry === repository || entry.parent === repository || repository.parent === entry,
  );
  const source = network.find((entry) => entry.owner.login.toLowerCase() === owner.toLowerCase());
  const sha = source?.refs.get(`refs/heads/${rest.join(':')}`);
  if (source === undefined || sha === undefined) return null;
  if (source !== repository)
    await repository.git.text(['fetch', '--quiet', '--no-tags', source.git.folder, sha]);
  return sha;
}

interface Comparison {
  readonly base: string;
  readonly head: string;
  readonly common: string;
}

async function viewComparison(call: RepositoryCall, { base, head, common }: Comparison): Promise<Json> {
  const { world, repository } = call;
  const { git } = repository;
  const ahead = await listCommits(git, base, head);
  const behind = await listCommits(git, head, base);
  const changes: readonly FileChange[] = await readDiff(git, common, head);
  const view = (commit: Commit): Json => viewCommit(world, repository, commit);
  const url = repositoryApi(world, repository, `/compare/${base}...${head}`);
  const page = repositoryPage(world, repository, `/compare/${base}...${head}`);
  return {
    url,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: view(await readCommit(git, base)),
    merge_base_commit: view(await readCommit(git, common)),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: (await readCommits(git, ahead.slice(0, COMPARED_COMMITS))).map(view),
    files: changes
      .slice(0, COMPARED_FILES)
      .map((change) => viewFileChange(world, repository, { change, sha: head })),
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

const KINDS: Readonly<Record<string, string>> = {
  '120000': 'symlink',
  '160000': 'submodule',
  '040000': 'dir',
};

function viewEntry({ world, repository }: RepositoryCall, line: string): Record<string, unknown> {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha, size] = line.slice(0, tab).split(/ +/);
  const path = line.slice(tab + 1);
  const url = repositoryApi(world, repository, `/contents/${path}`);
  const git = repositoryApi(world, repository, `/git/${type}s/${sha}`);
  const html = repositoryPage(world, repository, `/blob/${path}`);
  return {
    type: KINDS[mode] ?? 'file',
    size: Number(size) || 0,
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url: type === 'blob' ? repositoryPage(world, repository, `/raw/${path}`) : null,
    _links: { self: url, git, html },
  };
}

/** Commits as REST shows them, of a list of ids. */
export async function viewCommits(
  { world, repository }: RepositoryCall,
  ids: readonly string[],
): Promise<readonly Json[]> {
  const commits = await readCommits((repository as Repository).git, ids);
  return commits.map((commit) => viewCommit(world, repository, commit));
}
