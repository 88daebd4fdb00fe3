import { type Problem, problem } from '../kernel/problem.ts';
import { parseRepositoryName } from '../kernel/repository-name.ts';

/** ARGUMENT_INVALID for a `--repository` that is no `owner/name`, or that nothing is asked about; null where it is in order. */
export function findRepositoryFault({
  publish,
  repository,
}: {
  readonly publish: 'none' | 'branch' | 'github';
  readonly repository: string | undefined;
}): Problem | null {
  if (repository === undefined) return null;
  const argument = `--repository "${repository}"`;
  if (parseRepositoryName(repository) === null)
    return problem('ARGUMENT_INVALID', {
      argument,
      reason: 'is no owner/name',
      hint: '--repository acme/trading',
    });
  return publish === 'github'
    ? null
    : problem('ARGUMENT_INVALID', {
        argument,
        reason: 'is for --publish github',
        hint: 'add --publish github',
      });
}
