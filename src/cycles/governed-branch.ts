import type { JudgeDesk } from './judge-desk.ts';
import { readPolicyAt } from './read-base-policy.ts';

/**
 * Whether a base branch is governed: the default branch is, and those that its policy lists. A check on any other would count for main,
 * too (judge.md §1). Where the policy cannot be read, it lists none.
 */
export async function isGoverned(
  { memory, access, mirror }: Pick<JudgeDesk, 'memory' | 'access' | 'mirror'>,
  branch: string,
): Promise<boolean> {
  const { defaultBranch } = await memory.repository.of('', () => access.repository());
  if (branch === defaultBranch) return true;
  const base = await mirror.syncBase(defaultBranch);
  const policy = base === null ? null : await readPolicyAt(mirror.repository, base.tip);
  return policy?.judge.branches.includes(branch) === true;
}
