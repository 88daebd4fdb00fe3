import type { Json, Repository } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { viewAccount } from './account-view.ts';
import { fullName, iso, nodeId, repositoryApi, repositoryPage } from './urls.ts';

/** GitHub's list of addresses in every repository it shows: name → path below the repository. */
const ADDRESSES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** `minimal-repository`, and what the fuller forms share with it. */
export function viewMinimalRepository(world: World, repository: Repository): Json {
  const addresses = Object.entries(ADDRESSES).map(([name, path]) => [
    name,
    repositoryApi(world, repository, path),
  ]);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: viewAccount(world, repository.owner),
    html_url: repositoryPage(world, repository),
    description: null,
    fork: repository.parent !== null,
    url: repositoryApi(world, repository),
    ...Object.fromEntries(addresses),
  };
}

/** `repository`. */
export function viewRepository(world: World, repository: Repository): Json {
  const page = repositoryPage(world, repository);
  const openIssues = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  return {
    ...viewMinimalRepository(world, repository),
    git_url: `git://${page.replace(/^https?:\/\//, '')}.git`,
    ssh_url: `git@${page.replace(/^https?:\/\//, '')}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    default_branch: repository.defaultBranch,
    size: 1,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: openIssues,
    open_issues_count: openIssues,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    is_template: false,
    archived: repository.archived,
    disabled: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    pushed_at: iso(repository.pushedAt),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.createdAt),
  };
}

/** `full-repository`. The merge settings are for those who may change them. */
export function viewFullRepository(world: World, repository: Repository, withSettings: boolean): Json {
  const { parent } = repository;
  const origin =
    parent === null ? {} : { parent: viewRepository(world, parent), source: viewRepository(world, parent) };
  return {
    ...viewRepository(world, repository),
    ...(withSettings ? repository.settings : {}),
    ...origin,
    network_count: 0,
    subscribers_count: 0,
  };
}
