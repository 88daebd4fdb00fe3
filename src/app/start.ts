import { readGitVersion } from '../compose.ts';
import type { Problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { asciiJson } from '../kernel/text/ascii-json.ts';
import { formatProblems, problemToJson } from '../reports/problem-text.ts';
import { findMachineFaults } from './find-machine-faults.ts';
import type { JudgeProcess } from './judge-process.ts';
import { readDataFolder } from './settings.ts';
import { readLogFormat, readStartSettings, type StartSettings } from './start-settings.ts';

/** What the end of the process means (product.md §9). */
const EXIT = { done: 0, badSetting: 2, outsideFailed: 3 } as const;

/** How long what runs may go on after SIGTERM, in milliseconds: Docker kills after ten seconds ("docker stop"). */
const STOP_MS = 8_000;

/** For the last lines of the log to get out of the process, in milliseconds; pino writes them in turns of their own. */
const FLUSH_MS = 100;

const USAGE = `usage: peak-judge [--check]

Runs the judge. Its settings are environment variables: docs/deployment.md.
--check only says whether they are right: exit code 0, or 2 with every fault.
`;

/** Runs the judge on this process's environment until it is told to stop. Exit codes: 0, 2 bad settings, 3 GitHub refuses the key. */
export async function main(args: readonly string[]): Promise<void> {
  const [option] = args;
  if (option === '--help' || args.length > 1 || (option !== undefined && option !== '--check')) {
    process[option === '--help' ? 'stdout' : 'stderr'].write(USAGE);
    process.exitCode = option === '--help' ? EXIT.done : EXIT.badSetting;
    return;
  }
  const settings = await checkSettings();
  if (!settings.ok) refuse(settings.problems);
  else if (option === undefined) await run(settings.value);
}

async function checkSettings(): Promise<Result<StartSettings>> {
  const settings = readStartSettings(process.env, process.stdout.isTTY);
  const folder = settings.ok ? settings.value : { folder: readDataFolder(process.env) };
  const machine = findMachineFaults(process.env, folder, await readGitVersion());
  if (settings.ok && machine.length === 0) return ok(settings.value);
  return fail(...settings.problems, ...machine);
}

/** All faults in one list, for people, or as one line for whoever collects the log. */
function refuse(problems: readonly Problem[]): void {
  process.exitCode = EXIT.badSetting;
  const msg = 'the judge does not start';
  if (readLogFormat(process.env, process.stdout.isTTY) === 'json') {
    const line = {
      level: 60,
      time: Date.now(),
      name: 'peak-judge',
      msg,
      problems: problems.map(problemToJson),
    };
    process.stderr.write(`${asciiJson(JSON.stringify(line))}\n`);
    return;
  }
  process.stderr.write(`${msg}:\n${formatProblems(problems, problems.length, problems.length)}\n`);
}

async function run(settings: StartSettings): Promise<void> {
  let judge: JudgeProcess | null = null;
  let isEnding = false;
  const end = async (code: number, why: string): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    if (judge !== null) await stop(judge, why);
    setTimeout(() => process.exit(code), FLUSH_MS);
  };
  // A terminal sends SIGINT to everybody, and npm sends it on: the second one is the first again.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(EXIT.done, signal));
  const { startProcess } = await import('./judge-process.ts');
  judge = await startProcess(settings, (why) => void end(EXIT.outsideFailed, why));
}

/** New work is refused at once; what runs gets a while. What is left undone is found by the next start. */
async function stop({ log, close }: JudgeProcess, why: string): Promise<void> {
  log.info({ why }, 'stopping');
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), STOP_MS).unref());
  const outcome = await Promise.race([close(), late]);
  if (outcome === 'late')
    log.warn({ ms: STOP_MS }, 'stopped in the middle of a job; the next start judges again');
  else log.info('stopped');
}
