import { gitOutput, type RunGit } from './git-process.ts';
import { assertObjectId } from './object-id.ts';

/** Answers a line about each commit (full ids), in the order asked, as a format of git-log(1) says; one process, none for none. */
export async function readNamedCommits(
  run: RunGit,
  commits: readonly string[],
  format: string,
): Promise<readonly string[]> {
  for (const commit of commits) assertObjectId(commit);
  // Without a commit on its input git would take HEAD.
  if (commits.length === 0) return [];
  const plain = ['--no-show-signature', '--no-color', '--no-mailmap'];
  const args = ['log', '-z', '--no-walk=unsorted', ...plain, `--format=${format}`, '--stdin'];
  const output = await gitOutput(run, args, Buffer.from(`${commits.join('\n')}\n`));
  return output
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '');
}
