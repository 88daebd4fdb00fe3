import { join } from 'node:path';
import { personOf } from '../git/commits.ts';
import { createGitStore } from '../git/git-store.ts';
import { readRefs } from '../git/settle-refs.ts';
import { installUpdateHook } from '../git/update-hook.ts';
import type { Account, Environment, Protection, Repository, Role, Ruleset } from '../world/model.ts';
import type { World } from '../world/world.ts';

/** What a repository starts as. */
export interface NewRepository {
  readonly owner: Account;
  readonly name: string;
  /** Default true: what holds a trading configuration is private. */
  readonly private?: boolean;
  /** Default `main`. */
  readonly defaultBranch?: string;
  /** Path → text of the first commit, by the owner. Default: an empty repository. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A ruleset; it covers the default branch unless `include` says otherwise. */
export type NewRuleset = Partial<Omit<Ruleset, 'id' | 'createdAt'>> & Pick<Ruleset, 'rules'>;

/** The part of the control surface about repositories and their settings. */
export interface Repositories {
  createRepository(repository: NewRepository): Promise<Repository>;
  /** With the same branches and name, of another owner. */
  fork(repository: Repository, owner: Account): Promise<Repository>;
  setRole(repository: Repository, account: Account, role: Role): void;
  addRuleset(repository: Repository, ruleset: NewRuleset): Ruleset;
  /** Classic branch protection; what is not given is off, but nobody may force-push or delete. */
  protect(repository: Repository, branch: string, protection: Partial<Protection>): void;
  addEnvironment(repository: Repository, environment: Pick<Environment, 'name'> & Partial<Environment>): void;
}

/** Binds the control surface to a world. */
export function createRepositories(world: World): Repositories {
  return {
    createRepository: async (draft) => {
      const { owner, name, defaultBranch = 'main', files } = draft;
      const id = world.nextId();
      const git = await createGitStore(join(world.folder, `${id}.git`), defaultBranch);
      const more = { private: draft.private ?? true, defaultBranch, parent: null };
      const repository = await openRepository(world, { id, owner, name, git, ...more });
      if (files !== undefined) await commitFirst(world, repository, files);
      return repository;
    },
    fork: async (parent, owner) => {
      const id = world.nextId();
      const git = await createGitStore(join(world.folder, `${id}.git`), parent.defaultBranch, parent.git);
      const refspec = '+refs/heads/*:refs/heads/*';
      await git.text(['fetch', '--quiet', '--no-tags', parent.git.folder, refspec]);
      const { name, defaultBranch, private: isPrivate } = parent;
      return openRepository(world, { id, owner, name, git, private: isPrivate, defaultBranch, parent });
    },
    setRole: (repository, account, role) => void repository.roles.set(account.id, role),
    addRuleset: (repository, draft) => {
      const ruleset: Ruleset = {
        name: 'protect',
        enforcement: 'active',
        include: ['~DEFAULT_BRANCH'],
        exclude: [],
        bypassApps: [],
        ...draft,
        id: world.nextId(),
        createdAt: world.clock(),
      };
      repository.rulesets.push(ruleset);
      return ruleset;
    },
    protect: (repository, branch, protection) => {
      repository.protections.set(branch, { ...NO_PROTECTION, ...protection });
    },
    addEnvironment: (repository, environment) => {
      const usual = { secrets: [], branches: null };
      const id = world.nextId();
      repository.environments.push({ ...usual, ...environment, id, createdAt: world.clock() });
    },
  };
}

const NO_PROTECTION: Protection = {
  required_status_checks: null,
  required_pull_request_reviews: null,
  enforce_admins: false,
  allow_force_pushes: false,
  allow_deletions: false,
  required_linear_history: false,
};

type RepositoryStart = Pick<
  Repository,
  'id' | 'owner' | 'name' | 'git' | 'private' | 'defaultBranch' | 'parent'
>;

async function openRepository(world: World, start: RepositoryStart): Promise<Repository> {
  const repository: Repository = {
    ...start,
    formerNames: new Set(),
    archived: false,
    settings: {
      allow_merge_commit: true,
      allow_squash_merge: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      allow_update_branch: false,
      delete_branch_on_merge: false,
    },
    actions: { enabled: true, permissions: 'read', mayApprove: false },
    roles: new Map(),
    rulesets: [],
    protections: new Map(),
    environments: [],
    secrets: [],
    workflowRuns: [],
    labels: [],
    issues: new Map(),
    pulls: new Map(),
    comments: [],
    suites: [],
    checkRuns: [],
    statuses: [],
    refs: new Map(),
    createdAt: world.clock(),
    pushedAt: world.clock(),
  };
  await installUpdateHook(start.git);
  repository.refs = await readRefs(repository);
  world.repositories.push(repository);
  return repository;
}

/** All in one process, so that tens of thousands of files take seconds: https://git-scm.com/docs/git-fast-import. */
async function commitFirst(
  world: World,
  repository: Repository,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { git, owner, defaultBranch } = repository;
  const { name, email, seconds, zone } = personOf(owner, world.clock());
  const stream = [
    `commit refs/heads/${defaultBranch}\n`,
    `committer ${name} <${email}> ${seconds} ${zone}\ndata 6\nstart\n\n`,
    ...Object.entries(files).map(([path, text]) => {
      const quoted = path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
      return `M 100644 inline "${quoted}"\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    }),
  ];
  await git.text(['fast-import', '--quiet', '--date-format=raw'], { input: stream.join('') });
  repository.refs = await readRefs(repository);
}
