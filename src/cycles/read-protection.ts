import { isProtected } from '../review/index.ts';
import type { JudgeDesk } from './judge-desk.ts';

/** Whether a branch is protected as judge.md §1 demands; null where this App may not know. */
export async function readProtection(desk: JudgeDesk, branch: string): Promise<boolean | null> {
  const { memory, access, identities } = desk;
  const rules = await memory.rules.of(branch, () => access.branchRules(branch));
  const { mergeMethods } = await memory.repository.of('', () => access.repository());
  const allowsRebaseMerge = mergeMethods.includes('rebase');
  return isProtected(rules, { judgeApp: identities.judgeAppId, allowsRebaseMerge });
}
