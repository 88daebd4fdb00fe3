import { readFileSync } from 'node:fs';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Runs the command line on this process's streams and environment. Never throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  process.stdout.on('error', stopOnBrokenOutput);
  process.stderr.on('error', () => undefined);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${readVersion()}\n`);
    return EXIT.done;
  }
  const [{ runProgram }, { processStreams }] = await Promise.all([
    import('./program.ts'),
    import('./process-streams.ts'),
  ]);
  return runProgram(args, processStreams(), readVersion());
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}

/** `peak … | head` closes the pipe early, which is nobody's mistake; a full disk behind stdout is the outside world's. */
function stopOnBrokenOutput(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') process.stderr.write(`error: cannot write the output: ${error.code}\n`);
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.outsideFailed);
}
