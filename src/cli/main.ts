import { readFileSync } from 'node:fs';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Runs the command line on this process's streams and environment. Never throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${readVersion()}\n`);
    return EXIT.done;
  }
  process.stdout.on('error', stopQuietly);
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

/** `peak … | head` closes the pipe early, which is nobody's mistake. */
function stopQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
}
