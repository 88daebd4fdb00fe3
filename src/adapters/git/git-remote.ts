import type { GitRemote, NewCommit, RemoteHeads } from '../../cycles/git-remote-port.ts';
import { AppError } from '../../kernel/app-error.ts';
import { createGitRunner, gitFailure, gitOutput, type RunGit } from './git-process.ts';
import { readPrefix } from './git-repository.ts';
import { assertObjectId } from './object-id.ts';
import { resolveObjects } from './objects.ts';
import { isRefName } from './ref-name.ts';
import { FETCH, type RemotePlace, remoteSettings } from './remote-settings.ts';

/** Everything that we fetch stands below this. */
const NAMESPACE = 'refs/peak/remote';

/** Opens the other end of the repository whose work tree holds the folder; null when there is none. */
export async function openGitRemote(root: string, place: RemotePlace): Promise<GitRemote | null> {
  const local = createGitRunner(root);
  const prefix = await readPrefix(local);
  if (prefix === null) return null;
  const remote = createGitRunner(root, remoteSettings(place));
  await refuseDetour(remote, place.url);
  return {
    prefix,
    fetchHeads: (defaultBranch) => fetchHeads({ local, remote }, place.url, defaultBranch),
    fetchPull: (number, commit) => fetchPull({ local, remote }, place.url, { number, commit }),
    isAncestor: async (ancestor, commit) => {
      const args = ['merge-base', '--is-ancestor', ancestor, commit];
      const output = await local(args);
      if (output.exitCode === 0 || output.exitCode === 1) return output.exitCode === 0;
      throw gitFailure(args, output);
    },
    commitsBeyond: (base, head) => commitsBeyond(local, base, head),
    mergedTree: (ours, theirs) => mergedTree(local, ours, theirs),
    treeOf: async (commit) => {
      assertObjectId(commit);
      const [tree] = await resolveObjects(local, [`${commit}^{tree}`]);
      if (tree == null) throw new AppError('GIT_FAILED', `${commit} is no commit of this repository`);
      return tree;
    },
  };
}

/** `url.….insteadOf` in the clone's own configuration would ask somebody else what is on GitHub. Nothing is sent to find out. */
async function refuseDetour(remote: RunGit, url: string): Promise<void> {
  const output = await gitOutput(remote, ['ls-remote', '--get-url', url]);
  const actual = output.toString('utf8').replace(/\n$/, '');
  if (actual === url) return;
  throw new AppError('GIT_FAILED', `the configuration of this clone leads from ${url} to ${actual}`, {
    hint: 'run `git config --local --get-regexp insteadof` to see the setting, and remove it',
  });
}

/** One for questions to the clone, one that may talk to the other end. */
interface Runners {
  readonly local: RunGit;
  readonly remote: RunGit;
}

async function fetchHeads(
  { local, remote }: Runners,
  url: string,
  defaultBranch: string,
): Promise<RemoteHeads> {
  if (!isRefName(`refs/heads/${defaultBranch}`))
    throw new AppError('GIT_FAILED', `not a branch name: ${defaultBranch}`);
  const tipRef = `${NAMESPACE}/default`;
  const refspecs = [`+refs/heads/${defaultBranch}:${tipRef}`, `+refs/heads/peak/*:${NAMESPACE}/peak/*`];
  const args = [...FETCH, '--prune', url, ...refspecs];
  const output = await remote(args);
  // A missing default branch fails the whole fetch; asking what is there tells it from every other failure.
  if (output.exitCode !== 0) {
    if (!(await isEmpty(remote, url, defaultBranch))) throw gitFailure(args, output);
    return { tip: null, heads: new Map(), isShallow: false };
  }
  const listed = await gitOutput(local, ['for-each-ref', '--format=%(objectname) %(refname)', NAMESPACE]);
  const refs = listed
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const);
  const peak = refs.filter(([ref]) => ref.startsWith(`${NAMESPACE}/peak/`));
  return {
    tip: new Map(refs).get(tipRef) ?? null,
    heads: new Map(peak.map(([ref, oid]) => [ref.slice(NAMESPACE.length + 1), oid])),
    isShallow: await isShallow(local),
  };
}

async function isShallow(local: RunGit): Promise<boolean> {
  const output = await gitOutput(local, ['rev-parse', '--is-shallow-repository']);
  return output.toString('utf8').trim() === 'true';
}

async function isEmpty(remote: RunGit, url: string, defaultBranch: string): Promise<boolean> {
  const output = await remote(['ls-remote', '--quiet', url, `refs/heads/${defaultBranch}`]);
  return output.exitCode === 0 && output.stdout.length === 0;
}

async function fetchPull(
  { local, remote }: Runners,
  url: string,
  { number, commit }: { readonly number: number; readonly commit: string },
): Promise<boolean> {
  assertObjectId(commit);
  if (await isHere(local, commit)) return true;
  await remote([...FETCH, url, `+refs/pull/${number}/head:${NAMESPACE}/pull/${number}`]);
  return isHere(local, commit);
}

async function isHere(local: RunGit, commit: string): Promise<boolean> {
  const [found] = await resolveObjects(local, [`${commit}^{commit}`]);
  return found === commit;
}

async function commitsBeyond(local: RunGit, base: string, head: string): Promise<NewCommit[]> {
  for (const oid of [base, head]) assertObjectId(oid);
  const args = ['log', '--no-show-signature', '--format=%H %T %P', `${base}..${head}`, '--'];
  const lines = (await gitOutput(local, args)).toString('latin1').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [oid = '', tree = '', ...parents] = line.split(' ');
      return { oid, tree, parents: parents.filter((parent) => parent !== '') };
    });
}

/** `git merge-tree --write-tree`: 0 with the tree on the first line, 1 for a conflict. */
async function mergedTree(local: RunGit, ours: string, theirs: string): Promise<string | null> {
  for (const oid of [ours, theirs]) assertObjectId(oid);
  const args = ['merge-tree', '--write-tree', ours, theirs];
  const output = await local(args);
  if (output.exitCode === 1) return null;
  if (output.exitCode !== 0) throw gitFailure(args, output);
  return output.stdout.toString('latin1').split('\n')[0] ?? null;
}
