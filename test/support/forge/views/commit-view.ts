import type { Commit, Person } from '../git/commits.ts';
import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { viewAccount } from './account-view.ts';
import { iso, nodeId, repositoryApi, repositoryPage } from './urls.ts';

/** `git-commit`: as the Git Data API shows it. */
export function viewGitCommit(world: World, repository: Repository, commit: Commit): Json {
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id) + commit.sha,
    url: repositoryApi(world, repository, `/git/commits/${commit.sha}`),
    html_url: repositoryPage(world, repository, `/commit/${commit.sha}`),
    author: viewPerson(commit.author),
    committer: viewPerson(commit.committer),
    tree: viewTreeLink(world, repository, commit),
    message: commit.message,
    parents: viewParents(world, repository, commit),
    verification: viewVerification(commit),
  };
}

/** `commit`: with the accounts that GitHub takes the e-mail addresses for. */
export function viewCommit(world: World, repository: Repository, commit: Commit): Json {
  const url = repositoryApi(world, repository, `/commits/${commit.sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id) + commit.sha,
    url,
    html_url: repositoryPage(world, repository, `/commit/${commit.sha}`),
    comments_url: `${url}/comments`,
    commit: {
      url: repositoryApi(world, repository, `/git/commits/${commit.sha}`),
      author: viewPerson(commit.author),
      committer: viewPerson(commit.committer),
      message: commit.message,
      comment_count: 0,
      tree: viewTreeLink(world, repository, commit),
      verification: viewVerification(commit),
    },
    author: accountOf(world, commit.author),
    committer: accountOf(world, commit.committer),
    parents: viewParents(world, repository, commit),
  };
}

/** `simple-commit`: the head commit of a check suite. */
export function viewSimpleCommit(commit: Commit): Json {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: iso(commit.committer.seconds * 1000),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** A commit in a `push` event. */
export function viewPushedCommit(world: World, repository: Repository, commit: Commit): Json {
  return {
    ...viewSimpleCommit(commit),
    distinct: true,
    url: repositoryPage(world, repository, `/commit/${commit.sha}`),
    added: [],
    removed: [],
    modified: [],
  };
}

function viewPerson({ name, email, seconds }: Person): Json {
  return { name, email, date: iso(seconds * 1000) };
}

/** By e-mail address, which proves nothing. */
function accountOf(world: World, { email }: Person): Json | null {
  const account = world.accounts.find((entry) => entry.email.toLowerCase() === email.toLowerCase());
  return account === undefined ? null : viewAccount(world, account);
}

function viewTreeLink(world: World, repository: Repository, { tree }: Commit): Json {
  return { sha: tree, url: repositoryApi(world, repository, `/git/trees/${tree}`) };
}

function viewParents(world: World, repository: Repository, { parents }: Commit): readonly Json[] {
  return parents.map((sha) => ({
    sha,
    url: repositoryApi(world, repository, `/commits/${sha}`),
    html_url: repositoryPage(world, repository, `/commit/${sha}`),
  }));
}

function viewVerification(commit: Commit): Json {
  const { signature, payload, verified } = commit;
  const foreign = signature === null ? 'unsigned' : 'unknown_key';
  return {
    verified,
    reason: verified ? 'valid' : foreign,
    signature,
    payload,
    verified_at: verified ? iso(commit.committer.seconds * 1000) : null,
  };
}
