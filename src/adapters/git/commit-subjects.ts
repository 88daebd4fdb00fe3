import { gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId } from './object-id.ts';

/** Answers the subject of each commit; see the port. */
export async function readCommitSubjects(
  run: RunGit,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  for (const commit of commits) assertObjectId(commit);
  // Without a commit on its input git would take HEAD.
  if (commits.length === 0) return new Map();
  const args = [
    'log',
    '-z',
    '--no-walk=unsorted',
    '--no-show-signature',
    '--no-color',
    '--format=%H %s',
    '--stdin',
  ];
  const output = await gitOutput(run, args, Buffer.from(`${commits.join('\n')}\n`));
  const lines = output
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}
