import type { CommitLog } from '../history/index.ts';
import { AUTO_TOML_PATH, GOVERNED_FILES } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { judge, type Verdict } from '../review/index.ts';
import { ObjectMemory } from './object-memory.ts';
import { readRevision } from './read-revision.ts';
import { readSnapshot } from './read-snapshot.ts';
import { LOOPS } from './rebuild.ts';
import { rememberRepository } from './remember-repository.ts';
import type { ReviewRepository } from './review-repository-port.ts';
import type { RevisionReader } from './revision-port.ts';

/** What to judge, by names as people type them. */
export interface CheckRequest {
  /** The branch that the change would be merged into. */
  readonly base: string;
  readonly head: string;
  readonly now: Instant;
  /** Whether the time for judging is over (judge.md §7). */
  readonly isOverdue: () => boolean;
}

/** What was found out about a change. */
export interface CheckedChange {
  readonly verdict: Verdict;
  /** `auto.toml` of the head, for the lines of its targets; null where there is none. */
  readonly autoToml: string | null;
  /** Whether base or head has anything that is governed below the folder that was asked. */
  readonly isGoverned: boolean;
}

/**
 * May this head be merged into this base now, as far as a clone can tell? People are not known here, so what needs their consent is
 * never a success.
 */
export async function checkChange(
  git: ReviewRepository & RevisionReader,
  request: CheckRequest,
): Promise<Result<CheckedChange>> {
  const ends = [
    readRevision(git, '--base', request.base),
    readRevision(git, '--head', request.head),
  ] as const;
  const [base, head] = await Promise.all(ends);
  if (!base.ok || !head.ok) return fail(...base.problems, ...head.problems);
  const known = rememberRepository(git, new ObjectMemory());
  const snapshot = await readSnapshot(known, { base: base.value, head: head.value, now: request.now });
  // Without a common ancestor there is nothing to judge; in a cut clone that says nothing of the branch.
  if (snapshot.mergeBases === 0 && (await isCut(git, [base.value, head.value])))
    return fail(problem('CLONE_SHALLOW'));
  const verdict = judge(snapshot, LOOPS, request.isOverdue);
  const isGoverned = [snapshot.base, snapshot.head].some(({ files }) =>
    GOVERNED_FILES.some((path) => files.has(path)),
  );
  return ok({ verdict, autoToml: snapshot.head.texts.get(AUTO_TOML_PATH) ?? null, isGoverned });
}

async function isCut(git: CommitLog, commits: readonly string[]): Promise<boolean> {
  const lines = await Promise.all(commits.map((commit) => git.firstParents(commit)));
  return lines.some((line) => line.isCut);
}
