import { runProgram } from '../../../src/cli/program.ts';
import { type GovernedFolder, SAMPLE_CLOCK } from './governed-folder.ts';
import { recordStreams } from './recorded-streams.ts';
import type { Run } from './run-peak.ts';

/** As `runPeak`, but in this process: what the command line makes of its words, without the start of a process. */
export async function runHere(
  folder: GovernedFolder | null,
  args: readonly string[],
  { env = {}, input = '' }: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Run> {
  const streams = recordStreams({
    variables: { SOURCE_DATE_EPOCH: SAMPLE_CLOCK, ...env },
    readInput: () => input,
  });
  const root = folder === null ? [] : ['--root', folder.root];
  const exitCode = await runProgram([...args, ...root], streams, '0.0.0');
  return { exitCode, signal: null, stdout: streams.said.out, stderr: streams.said.err };
}
