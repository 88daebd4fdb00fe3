import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileFault, isMissing } from './adapters/file-fault.ts';
import type { AskedBy, Requester } from './adapters/github/index.ts';
import type { CommitRecords } from './cycles/audit-port.ts';
import type { Checkout } from './cycles/checkout-port.ts';
import type { CommitSubjects } from './cycles/commit-subjects-port.ts';
import type { TreeComparison } from './cycles/comparison-port.ts';
import type { ForeignFolder } from './cycles/foreign-folder-port.ts';
import type { GitRepository } from './cycles/git-port.ts';
import type { JudgeDesk } from './cycles/judge-desk.ts';
import type { AckFolder } from './cycles/load-acks.ts';
import { type LoadConfigOptions, loadBaseConfig, loadLiveConfig } from './cycles/load-config.ts';
import type { PublishingPort } from './cycles/publishing-port.ts';
import type { RevisionReader } from './cycles/revision-port.ts';
import type { SettingsReader } from './cycles/settings-reader-port.ts';
import type { WorkTree } from './cycles/work-tree-port.ts';
import type { CommitLog } from './history/index.ts';
import { AppError } from './kernel/app-error.ts';
import { ACKS_PATH, BASE_CONFIG_PATH } from './kernel/governed-paths.ts';
import { type Instant, MINUTE_MS } from './kernel/instant.ts';
import { type Problem, problem } from './kernel/problem.ts';
import { fail, ok, type Result } from './kernel/result.ts';
import type { PeakConfig } from './liveconfig/index.ts';

export { findGovernedAbove } from './adapters/governed-above.ts';

/** Where and with which environment to load. Everything else is `LoadConfigOptions`. */
export interface LoadOptions extends LoadConfigOptions {
  /** The folder that default paths start from. Default: the working directory. */
  readonly root?: string | undefined;
  /** Default: `process.env`, of which `PEAK_TRADE_CONFIG_PATH` and `PEAK_NO_OVERRIDES` are read. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Loads the base configuration from disk; never live overrides. */
export function loadBaseConfigFromDisk(options: LoadOptions): Result<PeakConfig> {
  return loadBaseConfig(reader(options), withVariables(options));
}

/** Loads the effective configuration of a session from disk. */
export function loadLiveConfigFromDisk(options: LoadOptions): Result<PeakConfig> {
  return loadLiveConfig(reader(options), withVariables(options));
}

/** The base configuration is bad. `problems` holds every reason, each with its place. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function withVariables(options: LoadOptions): LoadConfigOptions {
  const variables = options.variables ?? process.env;
  const off = variables['PEAK_NO_OVERRIDES'];
  return {
    ...options,
    configPath: options.configPath ?? (variables['PEAK_TRADE_CONFIG_PATH'] || BASE_CONFIG_PATH),
    overrides: options.overrides !== false && (off === undefined || off === '' || off === '0'),
  };
}

function reader({ root = '.' }: LoadOptions): (path: string) => string | null {
  return (path) => {
    try {
      const file = resolve(root, path);
      // A FIFO would keep a session waiting for ever.
      if (!statSync(file).isFile())
        throw new AppError('FILE_SYSTEM', `cannot read ${path}: it is a folder or a special file`);
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw error instanceof AppError ? error : fileFault(error, `cannot read ${path}`);
    }
  };
}

/** Everything that can be asked of a repository. */
type Repository = GitRepository &
  CommitLog &
  CommitRecords &
  CommitSubjects &
  RevisionReader &
  TreeComparison;

/** What the loops need of the outside world. */
export interface World {
  readonly workTree: WorkTree;
  readonly clock: Instant;
  /** The repository that holds the folder; null outside Git, or where git is not installed. */
  readonly openRepository: () => Promise<Repository | null>;
  /** Where a cycle publishes. Fails where that is no repository, or without what GitHub asks for. */
  readonly openPublishing: (
    where: 'branch' | 'github',
    request: PublishingRequest,
  ) => Promise<Result<Publishing>>;
}

/** Whose publishing it is, and where. */
export interface PublishingRequest {
  /** A person's own token opens what that person changes, never what the loops propose. */
  readonly askedBy: AskedBy;
  /** `owner/name` on GitHub; default: GITHUB_REPOSITORY. */
  readonly repository?: string | undefined;
}

/** A repository to read from, and the place to publish to. */
export interface Publishing {
  readonly git: Repository;
  readonly target: PublishingPort;
}

/** Opens a governed folder. Fails when it is none, or when SOURCE_DATE_EPOCH is no time. */
export async function openWorld(
  root: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Result<World>> {
  const [{ openWorkTree }, { readClock }] = await Promise.all([
    import('./adapters/files/index.ts'),
    import('./adapters/clock.ts'),
  ]);
  const clock = readClock(variables);
  if (!clock.ok) return clock;
  if (!isFolder(root)) {
    return fail(problem('ARGUMENT_INVALID', { argument: '--root', reason: 'is no folder' }, { file: root }));
  }
  return ok({
    workTree: openWorkTree(root),
    clock: clock.value,
    openRepository: () => openRepository(root),
    openPublishing: (where, request) =>
      where === 'branch' ? openLocalPublishing(root) : openGitHubPublishing(root, variables, request),
  });
}

/** A working directory that was deleted still has a stat; Node.js 20 would try to make folders in it for ever. */
function isFolder(path: string): boolean {
  try {
    return statSync(realpathSync(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Opens the folder of acknowledgements: `folder` from the working directory, or the default below the root. */
export async function openAckFolder(root: string, folder: string | undefined): Promise<AckFolder> {
  const { openWorkTree } = await import('./adapters/files/index.ts');
  return openWorkTree(folder ?? join(root, ACKS_PATH));
}

/** What git would do to files below a folder of a work tree. */
export async function openCheckoutOnDisk(root: string): Promise<Checkout> {
  const { openCheckout } = await import('./adapters/git/index.ts');
  return openCheckout(root);
}

/** A folder that somebody else filled; null when there is none. */
export async function openForeignFolderOnDisk(path: string): Promise<ForeignFolder | null> {
  const { openForeignFolder } = await import('./adapters/files/index.ts');
  return openForeignFolder(path);
}

async function openRepository(root: string): Promise<Repository | null> {
  const { openGitRepository } = await import('./adapters/git/index.ts');
  try {
    return await openGitRepository(root);
  } catch (error) {
    if (error instanceof AppError && error.code === 'GIT_MISSING') return null;
    throw error;
  }
}

async function openLocalPublishing(root: string): Promise<Result<Publishing>> {
  const git = await openRepository(root);
  if (git === null)
    return fail(
      problem('NOT_A_REPOSITORY', { hint: 'run "git init" first, or use --publish none' }, { file: root }),
    );
  const { localBranches } = await import('./adapters/git/index.ts');
  return ok({ git, target: localBranches(git) });
}

/** Loads octokit, which takes longer than everything else together, so only here. */
async function openGitHubPublishing(
  root: string,
  variables: Readonly<Record<string, string | undefined>>,
  { askedBy, repository }: PublishingRequest,
): Promise<Result<Publishing>> {
  const { githubPublisher, readGitHubSettings } = await import('./adapters/github/index.ts');
  const named = repository === undefined ? variables : { ...variables, GITHUB_REPOSITORY: repository };
  const settings = readGitHubSettings(named, askedBy);
  if (!settings.ok) return settings;
  const git = await openRepository(root);
  const { openGitRemote, readScope } = await import('./adapters/git/index.ts');
  const prefix = git === null ? null : await readScope(root);
  if (git === null || prefix === null)
    return fail(
      problem('NOT_A_REPOSITORY', { hint: 'run "git init" first, or use --publish none' }, { file: root }),
    );
  const openRemote = async (place: { url: string; token: string }) => {
    const remote = await openGitRemote(root, place);
    if (remote === null) throw new AppError('GIT_FAILED', 'the repository has vanished');
    return remote;
  };
  return ok({ git, target: githubPublisher(settings.value, { openRemote, prefix }) });
}

/** A reader of the repository's settings on GitHub; fails without a token or repository that can be used. */
export async function openSettingsReader(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Result<SettingsReader>> {
  const { readReaderSettings, settingsReader } = await import('./adapters/github/index.ts');
  const settings = readReaderSettings(variables);
  return settings.ok ? ok(settingsReader(settings.value)) : settings;
}

/** The version of the installed git, such as `2.39.5`; null where there is none. */
export async function readGitVersion(): Promise<string | null> {
  const git = await import('./adapters/git/index.ts');
  return git.readGitVersion();
}

/** How the judge speaks to GitHub: as itself, and as its installations. Probot holds the keys. */
export interface JudgeConnection {
  readonly app: Requester;
  readonly installation: (id: number) => Promise<Requester>;
}

/** What one instance of the judge is given. */
export interface JudgeOptions extends Pick<JudgeDesk, 'clock' | 'after' | 'stamp'> {
  readonly connection: JudgeConnection;
  /** Slug of the publisher App; null for none. */
  readonly publisher: string | null;
  /** Where mirrors are kept. */
  readonly folder: string;
  readonly onCall: (operation: string) => void;
}

/** A repository that the judge's App is installed in. */
export interface JudgedPlace {
  readonly installationId: number;
  readonly id: number;
  readonly owner: string;
  readonly repo: string;
  /** Where git fetches it. */
  readonly cloneUrl: string;
}

/** The judge of one instance. */
export interface Judge {
  /** Asks which App the key belongs to. Rejects with `GITHUB_REFUSED` when GitHub takes it for none. */
  identify(): Promise<{ readonly id: number; readonly slug: string }>;
  /** Every repository that the App is installed in. */
  listPlaces(): Promise<readonly JudgedPlace[]>;
  openDesk(place: JudgedPlace): Promise<JudgeDesk>;
}

/** Joins the judge's use cases with GitHub and the mirrors. */
export async function openJudge(options: JudgeOptions): Promise<Judge> {
  const [github, { openMirror }, { emptyMemory, Memo }] = await Promise.all([
    import('./adapters/github/index.ts'),
    import('./adapters/mirror/index.ts'),
    import('./cycles/judge-memory.ts'),
  ]);
  const { connection, publisher, folder, onCall, clock } = options;
  let self: Awaited<ReturnType<Judge['identify']>> | null = null;
  const identify: Judge['identify'] = async () => {
    self = await github.readApp(connection.app, onCall);
    return self;
  };
  const openDesk: Judge['openDesk'] = async ({ installationId, id, owner, repo, cloneUrl }) => {
    const installation = await connection.installation(installationId);
    const app = self ?? (await identify());
    const identities = await github.readIdentities({ app, installation, publisher, onCall });
    // GitHub's tokens hold for an hour.
    const tokens = new Memo<string>(clock, 50 * MINUTE_MS);
    const token = () => tokens.of('', () => github.createReadToken(connection.app, installationId, id));
    return {
      ...github.judgePorts(installation, { owner, repo }, { identities, onCall }),
      name: `${owner}/${repo}`,
      identities,
      mirror: openMirror(folder, { id, url: cloneUrl, token }),
      memory: emptyMemory(clock),
      clock,
      after: options.after,
      stamp: options.stamp,
    };
  };
  const listPlaces = () => github.listPlaces(connection.app, connection.installation, onCall);
  return { identify, openDesk, listPlaces };
}
