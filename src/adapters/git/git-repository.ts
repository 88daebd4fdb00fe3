import { isUtf8 } from 'node:buffer';
import { statSync } from 'node:fs';
import type { CommitRecords } from '../../cycles/audit-port.ts';
import type { CommitSubjects } from '../../cycles/commit-subjects-port.ts';
import type { TreeComparison } from '../../cycles/comparison-port.ts';
import type { GitRepository } from '../../cycles/git-port.ts';
import type { RevisionReader } from '../../cycles/revision-port.ts';
import type { CommitLog } from '../../history/index.ts';
import { AppError } from '../../kernel/app-error.ts';
import { readChanges } from './changes.ts';
import { createCommitRecords } from './commit-records.ts';
import { readCommitSubjects } from './commit-subjects.ts';
import { createGitRunner, gitFailure, type RunGit } from './git-process.ts';
import { readCommitter, resolveCommit } from './refs.ts';
import { bindReviewRepository } from './review-objects.ts';
import { createRevisionReader } from './revisions.ts';
import { writeCommit } from './write-commit.ts';

/**
 * Opens the repository whose work tree holds the folder; null when there is none (also for a bare repository, or a
 * folder that does not exist). Rejects with `GIT_MISSING` when git is not installed, with `GIT_REFUSED` when
 * the repository belongs to somebody else whom git is not told to trust, and with `GIT_FAILED` when it cannot be read.
 */
export async function openGitRepository(
  root: string,
): Promise<
  (GitRepository & CommitLog & CommitRecords & CommitSubjects & RevisionReader & TreeComparison) | null
> {
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) return null;
  const run = createGitRunner(root);
  const prefix = await readPrefix(run);
  if (prefix === null) return null;
  const scope = { run, prefix };
  return {
    committer: (commit) => readCommitter(run, commit),
    changes: (prefixes) => readChanges(scope, prefixes),
    resolve: (ref) => resolveCommit(run, ref),
    commit: (request) => writeCommit(scope, request),
    subjects: (commits) => readCommitSubjects(run, commits),
    ...bindReviewRepository(scope),
    ...createCommitRecords(run),
    ...createRevisionReader(run),
  };
}

/** Answers where a folder lies below the top of its work tree, `''` or `a/b/`; null outside of any. */
export function readScope(root: string): Promise<string | null> {
  return readPrefix(createGitRunner(root));
}

/** The same for a folder that git is bound to. */
export async function readPrefix(run: RunGit): Promise<string | null> {
  const args = ['rev-parse', '--is-inside-work-tree', '--show-prefix'];
  const output = await run(args);
  // Only this one reason means "no repository"; a foreign owner or a damaged one has to be seen.
  if (/^fatal: not a git repository \(or any/m.test(output.stderr)) return null;
  const trust = TRUST_COMMAND.exec(output.stderr)?.[1];
  if (output.exitCode !== 0 && trust !== undefined) throw refusal(trust);
  if (output.exitCode !== 0) throw gitFailure(args, output);
  if (!isUtf8(output.stdout)) throw new AppError('GIT_FAILED', 'the name of the governed root is not UTF-8');
  const [isInside, ...prefix] = output.stdout.toString('utf8').split('\n');
  return isInside === 'true' ? prefix.slice(0, -1).join('\n') : null;
}

/** What git advises, with the path quoted for a shell (git 2.35.2 and later; git-config(1), `safe.directory`). */
const TRUST_COMMAND = /^\t(git config --global --add safe\.directory .+)$/m;

function refusal(trust: string): AppError {
  return new AppError('GIT_REFUSED', 'git refuses this repository, because it belongs to somebody else', {
    hint: `if you trust it: ${trust}`,
  });
}
