import type { RunGit } from './git-process.ts';
import { readNamedCommits } from './named-commits.ts';

/** Answers the subject of each commit; see the port. */
export async function readCommitSubjects(
  run: RunGit,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const lines = await readNamedCommits(run, commits, '%H %s');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}
