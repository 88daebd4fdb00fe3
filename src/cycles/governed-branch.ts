import type { JudgeDesk } from './judge-desk.ts';

/** Whether a base branch is governed: the default branch is. A check on any other would count for main, too (judge.md §1). */
export async function isGoverned({ memory, access }: JudgeDesk, branch: string): Promise<boolean> {
  const { defaultBranch } = await memory.repository.of('', () => access.repository());
  return branch === defaultBranch;
}
