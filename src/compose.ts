import { readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileFault, isMissing } from './adapters/file-fault.ts';
import type { TreeComparison } from './cycles/comparison-port.ts';
import type { PolicyText } from './cycles/gather.ts';
import type { GitRepository } from './cycles/git-port.ts';
import { type LoadConfigOptions, loadBaseConfig, loadLiveConfig } from './cycles/load-config.ts';
import type { WorkTree } from './cycles/work-tree-port.ts';
import { AppError } from './kernel/app-error.ts';
import { BASE_CONFIG_PATH } from './kernel/governed-paths.ts';
import type { Instant } from './kernel/instant.ts';
import { type Problem, problem } from './kernel/problem.ts';
import { fail, ok, type Result } from './kernel/result.ts';
import type { PeakConfig } from './liveconfig/index.ts';

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

/** What the loops need of the outside world. */
export interface World {
  readonly workTree: WorkTree;
  readonly clock: Instant;
  /** The repository that holds the folder; null outside Git, or where git is not installed. */
  readonly openRepository: () => Promise<(GitRepository & TreeComparison) | null>;
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
  return ok({ workTree: openWorkTree(root), clock: clock.value, openRepository: () => openRepository(root) });
}

/** A working directory that was deleted still has a stat; Node.js 20 would try to make folders in it for ever. */
function isFolder(path: string): boolean {
  try {
    return statSync(realpathSync(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Reads a policy that is not the governed one, for "what if". */
export function readPolicyFile(path: string): Result<PolicyText> {
  try {
    return ok({ file: path, text: readFileSync(path, 'utf8') });
  } catch (error) {
    if (isMissing(error)) return fail(problem('POLICY_MISSING', {}, { file: path }));
    throw fileFault(error, `cannot read ${path}`);
  }
}

async function openRepository(root: string): Promise<(GitRepository & TreeComparison) | null> {
  const { openGitRepository } = await import('./adapters/git/index.ts');
  try {
    return await openGitRepository(root);
  } catch (error) {
    if (error instanceof AppError && error.code === 'GIT_MISSING') return null;
    throw error;
  }
}
