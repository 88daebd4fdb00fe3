import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import colors from 'picocolors';
import type { Stage } from './stage.ts';

/** The command that is built for it already, where a test says so. */
const PEAK = process.env['PEAK_DEMO_BIN'] ?? fileURLToPath(new URL('../../bin/peak.js', import.meta.url));
const SAMPLE_CLOCK = pathToFileURL(join(import.meta.dirname, 'sample-clock.js')).href;

interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a program in the clone, at the time of the stage. Not synchronously: the local GitHub and the judge live in this process. */
function run(stage: Stage, program: string, args: readonly string[], cwd = stage.folder): Promise<Finished> {
  const env = {
    ...process.env,
    ...stage.variables,
    NODE_OPTIONS: `--import=${SAMPLE_CLOCK}`,
    PEAK_DEMO_CLOCK_MS: String(Date.now()),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
  };
  return new Promise((done, failed) => {
    const child = execFile(program, args, { cwd, env, maxBuffer: 2 ** 24 }, (_, stdout, stderr) =>
      done({ stdout, stderr, exitCode: child.exitCode ?? 70 }),
    );
    child.on('error', failed);
  });
}

/** Makes the clone, with Olivia as its owner. */
export async function cloneHere(stage: Stage): Promise<void> {
  const url = stage.forge.as(stage.operator).gitUrl(stage.repository);
  await run(stage, 'git', ['clone', '--quiet', url, stage.folder], '/');
  await git(stage, 'config', 'user.name', 'Olivia Operator');
  await git(stage, 'config', 'user.email', 'olivia@demo.invalid');
}

/** Runs git in the clone; throws what it said when it fails. */
export async function git(stage: Stage, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await run(stage, 'git', args);
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}

/** Runs `peak`, and prints the command and its answer; throws where it does not end with 0. */
export async function showPeak(stage: Stage, ...args: readonly string[]): Promise<void> {
  const { stdout, stderr, exitCode } = await run(stage, process.execPath, [PEAK, ...args]);
  if (exitCode !== 0) throw new Error(`peak ${args.join(' ')} ended with ${exitCode}:\n${stdout}${stderr}`);
  const shown = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  const talk = stderr.trim() === '' ? '' : `${colors.dim(stderr.trim())}\n\n`;
  console.log(`${colors.dim(`$ peak ${shown}`)}\n${talk}${stdout.trimEnd()}\n`);
}
