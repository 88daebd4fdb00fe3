import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { openWorkTree } from '../../../src/adapters/files/index.ts';
import { openGitRemote, openGitRepository, readScope } from '../../../src/adapters/git/index.ts';
import { githubPublisher, readGitHubSettings } from '../../../src/adapters/github/index.ts';
import { type PublishReport, type PublishRequest, publishCycle } from '../../../src/cycles/publish-cycle.ts';
import { instantFromMs } from '../../../src/kernel/instant.ts';
import { ok, type Result } from '../../../src/kernel/result.ts';
import { GovernedFolder, governedFolder, SAMPLE_CLOCK, temporaryFolder } from '../cli/governed-folder.ts';
import { cleanEnvironment } from '../cli/run-peak.ts';
import { type Account, type App, type Forge, type Repository, startForge } from '../forge/index.ts';

const run = promisify(execFile);

const ENVIRONMENT = cleanEnvironment() as NodeJS.ProcessEnv;

const OWNER = 'acme';
const NAME = 'trading';

/** What the publisher App may do (judge.md §1), and no more. */
const PUBLISHER_PERMISSIONS = {
  contents: 'write',
  issues: 'read',
  pull_requests: 'write',
  members: 'read',
} as const;

/** The sample's clock, as the forge's: the answers of a test do not depend on the day it runs. */
const START_MS = Number(SAMPLE_CLOCK) * 1000;

/** A local GitHub with a governed repository, its publisher App and people. */
export interface GitHubPlace {
  readonly forge: Forge;
  readonly repository: Repository;
  readonly app: App;
  /** An operator of the policy, and somebody who is none. */
  readonly operator: Account;
  readonly stranger: Account;
  /** Where the governed folder lies below the top of the repository; usually at the top. */
  readonly folder: string;
  /** Moves the forge's clock; milliseconds. */
  readonly wait: (ms: number) => void;
  readonly now: () => number;
  readonly pull: (number: number) => Promise<Pull>;
  readonly pulls: () => Promise<readonly Pull[]>;
  readonly filesOf: (number: number) => Promise<readonly string[]>;
  readonly commit: (sha: string) => Promise<Commit>;
  /** A fresh clone of the default branch. */
  readonly clone: () => Promise<Clone>;
}

/** What tests look at in GitHub's answers. */
interface Pull {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body: string | null;
  readonly user: { readonly login: string };
  readonly labels: readonly { readonly name: string }[];
  readonly requested_reviewers: readonly { readonly login: string }[];
  readonly requested_teams: readonly { readonly slug: string }[];
  readonly head: { readonly sha: string; readonly ref: string };
  readonly base: { readonly sha: string; readonly ref: string };
}

interface Commit {
  readonly commit: {
    readonly tree: { readonly sha: string };
    readonly message: string;
    readonly verification: { readonly verified: boolean };
  };
  readonly parents: readonly { readonly sha: string }[];
}

/** How to publish, where it is not the usual. */
export interface PublishOptions extends Partial<PublishRequest> {
  readonly variables?: Readonly<Record<string, string>>;
}

/** A clone of the governed repository, as a runner has it. */
export class Clone extends GovernedFolder {
  readonly place: Omit<GitHubPlace, 'clone'>;

  constructor(root: string, place: Omit<GitHubPlace, 'clone'>) {
    super(root);
    this.place = place;
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.root, encoding: 'utf8', env: ENVIRONMENT }).trimEnd();
  }

  /** Fetches a ref of GitHub into FETCH_HEAD. Not synchronously: the server that answers lives in this process. */
  async fetch(ref: string): Promise<void> {
    await run('git', ['fetch', '--quiet', 'origin', ref], { cwd: this.root, env: ENVIRONMENT });
  }

  /** What Actions would set for the publisher App. */
  variables(): Record<string, string> {
    const { forge, app } = this.place;
    return {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      GITHUB_REPOSITORY: `${OWNER}/${NAME}`,
      GITHUB_API_URL: forge.apiUrl,
      GITHUB_SERVER_URL: forge.serverUrl,
    };
  }

  /** The repository and the place to publish to: the real adapters, without GitHub's pace. */
  async publishing(variables: Readonly<Record<string, string>> = {}) {
    const settings = readGitHubSettings({ ...this.variables(), ...variables });
    if (!settings.ok) return settings;
    const git = await openGitRepository(this.root);
    const prefix = await readScope(this.root);
    if (git === null || prefix === null) throw new Error('no repository');
    const target = githubPublisher(settings.value, {
      prefix,
      pace: 'none',
      openRemote: async (place) => {
        const remote = await openGitRemote(this.root, place);
        if (remote === null) throw new Error('no repository');
        return remote;
      },
    });
    return ok({ git, target });
  }

  /** Publishes a cycle there. */
  async publish({ variables = {}, ...request }: PublishOptions = {}): Promise<Result<PublishReport>> {
    const publishing = await this.publishing(variables);
    if (!publishing.ok) return publishing;
    const usual = { clock: instantFromMs(this.place.now()), requestedMode: null, dryRun: false };
    return publishCycle({ ...publishing.value, workTree: openWorkTree(this.root) }, { ...usual, ...request });
  }

  /** Publishes, and answers the report; throws the problems where there is none. */
  async published(options: PublishOptions = {}): Promise<PublishReport> {
    const result = await this.publish(options);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value;
  }
}

/** Starts it all; everything is gone when the test is over. `change` comes before the first commit. */
export async function githubPlace(
  change: (folder: GovernedFolder) => void = () => undefined,
  { defaultBranch = 'main', folder: below = '' } = {},
): Promise<GitHubPlace> {
  // An App signs with the time of this machine; both ends have to agree on it.
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
  const forge = await startForge({ clock: Date.now });
  onTestFinished(async () => {
    await forge.close();
    vi.useRealTimers();
    if (forge.violations.length > 0) throw new Error(JSON.stringify(forge.violations));
  });
  const owner = forge.createOrganization(OWNER);
  const operator = forge.createUser('olivia');
  const stranger = forge.createUser('stan');
  const folder = governedFolder();
  folder.edit('config/promotion.toml', 'operators = []', 'operators = ["olivia"]');
  change(folder);
  const files = Object.fromEntries(
    [...folder.snapshot().keys()].map((path) => [
      join(below, path),
      readFileSync(join(folder.root, path), 'utf8'),
    ]),
  );
  const repository = await forge.createRepository({ owner, name: NAME, defaultBranch, files });
  for (const person of [operator, stranger]) forge.setRole(repository, person, 'write');
  const app = await forge.createApp({ slug: 'peak-publisher', permissions: PUBLISHER_PERMISSIONS });
  forge.install(app, owner, [repository]);
  const get = async (path: string) => (await forge.as(operator).in(repository).get(path)).body;
  const place = {
    forge,
    folder: below,
    pull: (number: number): Promise<Pull> => get(`/pulls/${number}`),
    pulls: (): Promise<readonly Pull[]> => get('/pulls?state=all'),
    filesOf: async (number: number) =>
      ((await get(`/pulls/${number}/files?per_page=100`)) as { filename: string }[]).map(
        (file) => file.filename,
      ),
    commit: (sha: string): Promise<Commit> => get(`/commits/${sha}`),
    repository,
    app,
    operator,
    stranger,
    now: Date.now,
    wait: (ms: number) => void vi.setSystemTime(Date.now() + ms),
  };
  return { ...place, clone: () => cloneOf(place) };
}

async function cloneOf(place: Omit<GitHubPlace, 'clone'>): Promise<Clone> {
  const root = temporaryFolder();
  const { forge, repository, operator } = place;
  await run('git', ['clone', '--quiet', forge.as(operator).gitUrl(repository), root], { env: ENVIRONMENT });
  return new Clone(join(root, place.folder), place);
}

/** Somebody closes a pull request without merging it. */
export async function closePull(
  { forge, repository }: Pick<GitHubPlace, 'forge' | 'repository'>,
  who: Account,
  number: number,
): Promise<void> {
  const answer = await forge.as(who).in(repository).patch(`/pulls/${number}`, { state: 'closed' });
  if (answer.status !== 200) throw new Error(`closing #${number}: ${answer.status}`);
}

/** What a step has whose workflow may open pull requests, instead of an App. */
export async function workflowVariables({
  forge,
  repository,
}: Pick<GitHubPlace, 'forge' | 'repository'>): Promise<Record<string, string>> {
  repository.actions.mayApprove = true;
  const token = await forge.workflowTokenOf(repository, { contents: 'write', pull_requests: 'write' });
  return { APP_ID: '', PRIVATE_KEY: '', GITHUB_TOKEN: token };
}
