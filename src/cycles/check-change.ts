import { AUTO_TOML_PATH } from '../kernel/governed-paths.ts';
import type { Instant } from '../kernel/instant.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { judge, type Verdict } from '../review/index.ts';
import type { GitRepository } from './git-port.ts';
import { ObjectMemory } from './object-memory.ts';
import { readSnapshot } from './read-snapshot.ts';
import { LOOPS } from './rebuild.ts';
import { rememberRepository } from './remember-repository.ts';
import type { ReviewRepository } from './review-repository-port.ts';

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
}

/**
 * May this head be merged into this base now, as far as a clone can tell? People are not known here, so what needs their consent is
 * never a success.
 */
export async function checkChange(
  git: ReviewRepository & Pick<GitRepository, 'resolve'>,
  request: CheckRequest,
): Promise<Result<CheckedChange>> {
  const [base, head] = await Promise.all([git.resolve(request.base), git.resolve(request.head)]);
  if (base === null || head === null) {
    const unknown = [...(base === null ? ['--base'] : []), ...(head === null ? ['--head'] : [])];
    return fail(
      ...unknown.map((argument) =>
        problem('ARGUMENT_INVALID', {
          argument,
          reason: 'names no commit of this repository',
          hint: 'fetch it first',
        }),
      ),
    );
  }
  const known = rememberRepository(git, new ObjectMemory());
  const snapshot = await readSnapshot(known, { base, head, now: request.now });
  const verdict = judge(snapshot, LOOPS, request.isOverdue);
  return ok({ verdict, autoToml: snapshot.head.texts.get(AUTO_TOML_PATH) ?? null });
}
