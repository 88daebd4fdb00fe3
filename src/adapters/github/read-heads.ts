import type { GitRemote, NewCommit } from '../../cycles/git-remote-port.ts';
import { type BranchCommit, findForeignCommit } from '../../review/index.ts';
import { PAGE } from './known-answer.ts';
import type { GitHubRepository } from './repository.ts';

/** A commit as GitHub compares it. */
interface ComparedCommit {
  readonly sha: string;
  readonly commit: { readonly verification?: { readonly verified: boolean } };
  readonly author: { readonly login?: string } | null;
  readonly committer: { readonly login?: string } | null;
}

/** The first commit beyond the base that is not ours, or null. Asks GitHub only for heads that go beyond the base. */
export async function readForeignCommit(
  repository: GitHubRepository,
  remote: GitRemote,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<string | null> {
  const commits = await remote.commitsBeyond(base, head);
  if (commits.length === 0) return null;
  const known = new Map((await compareAll(repository, base, head)).map((commit) => [commit.sha, commit]));
  const judged: BranchCommit[] = [];
  for (const commit of commits) {
    const compared = known.get(commit.oid);
    judged.push({
      oid: commit.oid,
      verified: compared?.commit.verification?.verified === true,
      author: compared?.author?.login ?? null,
      committer: compared?.committer?.login ?? null,
      isBaseMerge: await isBaseMerge(remote, base, commit),
    });
  }
  return findForeignCommit(judged, repository.login);
}

async function compareAll(
  repository: GitHubRepository,
  base: string,
  head: string,
): Promise<readonly ComparedCommit[]> {
  const all: ComparedCommit[] = [];
  for (let page = 1; ; page += 1) {
    const { commits, total_commits: total } = await repository.call<{
      commits: readonly ComparedCommit[];
      total_commits: number;
    }>('compare', { basehead: `${base}...${head}`, per_page: PAGE, page });
    all.push(...commits);
    if (all.length >= total || commits.length === 0) return all;
  }
}

/** A merge of the base into the branch ("Update branch") that changed nothing on its own. */
async function isBaseMerge(remote: GitRemote, base: string, { parents, tree }: NewCommit): Promise<boolean> {
  const [previous, merged, ...more] = parents;
  if (previous === undefined || merged === undefined || more.length > 0) return false;
  if (!(await remote.isAncestor(merged, base))) return false;
  return (await remote.mergedTree(previous, merged)) === tree;
}
