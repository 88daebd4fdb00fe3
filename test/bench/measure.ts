import { spawnSync } from 'node:child_process';

/** One run of a program. */
export interface RunCost {
  readonly seconds: number;
  /** Peak resident set, MiB. */
  readonly mebibytes: number;
}

/** Prints the peak resident set of a process when it ends, on file descriptor 3. */
const REPORT_MEMORY =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))';

/** Runs Node.js once and waits; throws when the program fails. `memory` loads a reporter, which costs a little time. */
export function runNode(
  args: readonly string[],
  options: { readonly memory?: boolean; readonly cwd?: string } = {},
): RunCost {
  const loader = options.memory === true ? ['--import', REPORT_MEMORY] : [];
  const started = process.hrtime.bigint();
  const run = spawnSync(process.execPath, [...loader, ...args], {
    cwd: options.cwd,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (run.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${run.status}:\n${run.stderr}`);
  return { seconds, mebibytes: Number(run.output[3] ?? 0) / 1024 };
}

/** The middle of several figures. */
function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs several programs in turn, so that a disturbance hits them alike; the median of each. */
export function interleaved(rounds: number, runs: readonly (() => RunCost)[]): readonly RunCost[] {
  const costs: RunCost[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, run] of runs.entries()) costs[i]?.push(run());
  }
  return costs.map((list) => ({
    seconds: median(list.map(({ seconds }) => seconds)),
    mebibytes: median(list.map(({ mebibytes }) => mebibytes)),
  }));
}
