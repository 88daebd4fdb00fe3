import { type SpawnOptions, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { type GovernedFolder, SAMPLE_CLOCK } from './governed-folder.ts';

const PRELOAD = join(import.meta.dirname, 'fault-preload.js');

/** How a run of the command ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Working directory; the governed folder unless a test says otherwise. */
  readonly cwd?: string;
  /** Added to a clean environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
  /** A command and its arguments that run `node bin/peak.js …` in their turn (`setpriv …`). */
  readonly wrapper?: readonly string[];
}

/** Runs `peak` as a shell would, in the folder, at the clock of the sample evidence. */
export function runPeak(
  folder: GovernedFolder | string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const cwd = options.cwd ?? (typeof folder === 'string' ? folder : folder.root);
  return runCommand([...(options.wrapper ?? []), ...peakCommand(), ...args], {
    ...options,
    cwd,
    env: { ...cleanEnvironment(), ...options.env },
  });
}

/** The words that start `peak` without a shell. */
export function peakCommand(): readonly string[] {
  const peak = inject('peak');
  if ('fault' in peak) throw new Error(peak.fault);
  return [process.execPath, peak.bin];
}

/** Runs a command line in a shell in which `"$@"` is `peak`. */
export function runShell(script: string, cwd: string, env: RunOptions['env'] = {}): Promise<Run> {
  return runCommand(['/bin/sh', '-c', script, 'sh', ...peakCommand()], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
  });
}

/** The environment in which `fault-preload.js` is loaded first, with its settings. */
export function withFaults(
  settings: Readonly<Record<`PEAK_TEST_${string}`, string>>,
): Record<string, string> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(PRELOAD).href}`, ...settings };
}

/** Nothing of the machine's settings: no colours, no other repository, no other clock. */
export function cleanEnvironment(): Record<string, string | undefined> {
  return {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    SOURCE_DATE_EPOCH: SAMPLE_CLOCK,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: realpathSync(tmpdir()),
  };
}

/** Runs a command to its end and keeps what it said. */
export function runCommand(
  [command = '', ...args]: readonly string[],
  { input, cwd, env }: Pick<RunOptions, 'input' | 'cwd' | 'env'>,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const options: SpawnOptions = { stdio: 'pipe', cwd, env: env as NodeJS.ProcessEnv };
    const child = spawn(command, args, options);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    // A command that ends without reading its input is no failure of the test.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
    child.on('close', (exitCode, signal) =>
      resolve({
        exitCode,
        signal,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      }),
    );
  });
}
