import { devNull } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { simpleGit } from 'simple-git';
import { AppError, BugError } from '../../kernel/app-error.ts';
import { createRedactor, type GitSetting } from './redactor.ts';

/** What one git process left behind, as bytes. */
export interface GitOutput {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * For a bare repository of ours that strangers' objects come into: no setting, attribute file or home folder of the machine counts, git
 * looks for no other repository around it, and no object larger than this is held in memory.
 */
export interface Confinement {
  /** Bytes of one allocation, so of one object that is not streamed. */
  readonly objectBytes: number;
  /** Ends git when it fires; what git has started is not meant. */
  readonly signal?: AbortSignal;
}

/** Runs one git process in a fixed folder; resolves for every exit code, rejects when git could not run. */
export type RunGit = (args: readonly string[], input?: Buffer) => Promise<GitOutput>;

/** A governed root inside a repository: how to ask git there, and where it lies below the top (`''` or `a/b/`). */
export interface GitScope {
  readonly run: RunGit;
  readonly prefix: string;
}

const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_NO_REPLACE_OBJECTS: '1',
  // What grafts say of parents is said in this clone only.
  GIT_GRAFT_FILE: devNull,
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

/**
 * A hook's `GIT_DIR` and the like would redirect us; some are names that simple-git refuses to pass on; and credentials are none of
 * git's business: what it needs, it is given for one call (`secrets`).
 */
const DROPPED_ENVIRONMENT =
  /^(?:GIT_.*|EDITOR|PAGER|PREFIX|SSH_ASKPASS|VISUAL|(?:PEAK_)?(?:APP_ID|PRIVATE_KEY)|GITHUB_TOKEN|GH_TOKEN)$/i;

/** git-config(1). The lock timeouts let the loser of a race (default 100 ms) see who won instead of a held lock. */
const CONFIGURATION = [
  'core.quotePath=false',
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  // We parse what git writes.
  `diff.orderFile=${devNull}`,
  'i18n.logOutputEncoding=UTF-8',
  // git has a word for every graft file, also for the empty one.
  'advice.graftFileDeprecated=false',
  'core.filesRefLockTimeout=2000',
  'core.packedRefsTimeout=2000',
  // Objects reach the disk before the branch that names them: a power cut must not leave a branch without its commit.
  'core.fsync=committed',
];

/** For folders whose objects are strangers': attributes could name merge drivers, and a fetch must leave packs, whose growth shows. */
const CONFINED_CONFIGURATION = [
  `core.attributesFile=${devNull}`,
  'fetch.fsckObjects=true',
  'transfer.fsckObjects=true',
  'fetch.unpackLimit=1',
  'transfer.unpackLimit=1',
  // Each thread would hold its own share of memory.
  'pack.threads=1',
];

/** What simple-git would refuse and we set ourselves, to values that take power away. */
const OWN_SETTINGS = { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true } as const;
/** The same for what talks to the other end: no helper, no other protocol, no settings of the machine. */
const SECRET_SETTINGS = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeProtocolOverride: true,
} as const;

/**
 * Binds git to a folder, with an environment and a configuration that nothing inherited can bend. `secrets` are settings that travel
 * in the environment (`GIT_CONFIG_*`) alone: arguments can be read by everybody on the machine.
 */
export function createGitRunner(
  folder: string,
  secrets: readonly GitSetting[] = [],
  confinement: Confinement | null = null,
): RunGit {
  return async (args, input) => {
    const output = await spawnGit({ folder, secrets, confinement }, args, input).catch((cause: unknown) => {
      throw new AppError('GIT_FAILED', `git ${args[0]} could not be run`, { cause });
    });
    assertStarted(output);
    return output;
  };
}

/** Runs git and answers its standard output; any exit code but 0 is an `AppError`. */
export async function gitOutput(run: RunGit, args: readonly string[], input?: Buffer): Promise<Buffer> {
  const output = await run(args, input);
  if (output.exitCode !== 0) throw gitFailure(args, output);
  return output.stdout;
}

/** Words a failed git process as an error, in git's own (English) words. */
export function gitFailure(args: readonly string[], output: GitOutput): AppError {
  const said = output.stderr
    .trim()
    .split('\n')[0]
    ?.replace(/^(?:fatal|error): /, '');
  const why = said || (output.exitCode === null ? 'ended by a signal' : `exit code ${output.exitCode}`);
  return new AppError('GIT_FAILED', `git ${args[0]} failed: ${why}`, {
    hint: 'run `git status` and `git fsck` in that folder to see whether the repository is usable',
  });
}

interface GitPlace {
  readonly folder: string;
  readonly secrets: readonly GitSetting[];
  readonly confinement: Confinement | null;
}

async function spawnGit(
  { folder, secrets, confinement }: GitPlace,
  args: readonly string[],
  input?: Buffer,
): Promise<GitOutput> {
  let output: GitOutput | undefined;
  const environment = {
    ...ENVIRONMENT,
    ...(confinement === null ? {} : confinedEnvironment(folder, confinement)),
    ...secretEnvironment(secrets),
  };
  const redact = createRedactor(secrets);
  const git = simpleGit({
    baseDir: folder,
    config: confinement === null ? CONFIGURATION : [...CONFIGURATION, ...CONFINED_CONFIGURATION],
    allowEnvironment: Object.keys(environment),
    unsafe:
      secrets.length === 0 && confinement === null ? OWN_SETTINGS : { ...OWN_SETTINGS, ...SECRET_SETTINGS },
    // By default simple-git stops listening 50 ms after the exit, when a pipe can still hold output.
    completion: { onClose: true, onExit: false },
    ...(confinement?.signal === undefined ? {} : { abort: confinement.signal }),
    input: () => input,
    // The only place that sees exit code and bytes. It never reports an error: simple-git would take an exit code
    // without a message, and a process ended by a signal, for a success.
    errors: (_error, { exitCode, stdOut, stdErr }) => {
      output = {
        exitCode,
        stdout: Buffer.concat(stdOut),
        stderr: redact(Buffer.concat(stdErr).toString('utf8')),
      };
      return undefined;
    },
  }).env({ ...inheritedEnvironment(), ...environment });
  // raw() decodes to text what binaryCatFile() leaves alone, and blobs can be large.
  if (args[0] === 'cat-file') await git.binaryCatFile(args.slice(1));
  // check-ignore knows no literal paths and refuses them; all that it does is to answer.
  else if (args[0] === 'check-ignore') await git.raw(['--no-pager', ...args]);
  else await git.raw(['--no-pager', '--literal-pathspecs', ...args]);
  if (output === undefined) throw new BugError(`git ${args[0]} ended without a result`);
  return output;
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !DROPPED_ENVIRONMENT.test(name)));
}

/** git-config(1), GIT_CONFIG_COUNT. The machine's settings could send a secret elsewhere (`url.….insteadOf`): they are left out. */
function secretEnvironment(secrets: readonly GitSetting[]): Record<string, string> {
  if (secrets.length === 0) return {};
  const pairs = secrets.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, value],
  ]);
  return {
    ...Object.fromEntries(pairs),
    GIT_CONFIG_COUNT: String(secrets.length),
    // Stronger than `protocol.….allow`, which the configuration of a repository could set for each protocol.
    GIT_ALLOW_PROTOCOL: 'https:http',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
  };
}

/**
 * What `Confinement` says. With `GIT_DIR` git takes this folder or none. `GIT_ALLOC_LIMIT` is git's own (wrapper.c). Nothing is fetched
 * unless a call may talk to the other end: a missing object is an error, never a request.
 */
function confinedEnvironment(folder: string, { objectBytes }: Confinement): Record<string, string> {
  return {
    GIT_DIR: folder,
    GIT_ALLOC_LIMIT: String(objectBytes),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    // Where curl finds .netrc, and git its default attributes.
    HOME: devNull,
    XDG_CONFIG_HOME: devNull,
  };
}

/** Node.js reports a process that never started with a negative system error number. */
function assertStarted({ exitCode }: GitOutput): void {
  if (exitCode === null || exitCode >= 0) return;
  const reason = getSystemErrorName(exitCode);
  if (reason !== 'ENOENT') throw new AppError('GIT_FAILED', `git could not be started: ${reason}`);
  throw new AppError('GIT_MISSING', 'git was not found', {
    hint: 'install git, and make sure that PATH leads to it',
  });
}
