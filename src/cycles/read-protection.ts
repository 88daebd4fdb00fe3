import { GOVERNANCE_CHECK } from '../setup/index.ts';
import type { JudgeDesk } from './judge-desk.ts';

/** Whether a branch is protected as judge.md §1 demands; null where this App may not know. */
export async function readProtection(desk: JudgeDesk, branch: string): Promise<boolean | null> {
  const { memory, access, identities } = desk;
  const rules = await memory.rules.of(branch, () => access.branchRules(branch));
  if (rules === null) return null;
  const repository = await memory.repository.of('', () => access.repository());
  const methods = rules.mergeMethods ?? repository.mergeMethods;
  return (
    rules.pullRequest &&
    rules.blocksForcePush &&
    !methods.includes('rebase') &&
    rules.checks.some(
      ({ name, app, upToDate }) => name === GOVERNANCE_CHECK && app === identities.judgeAppId && upToDate,
    )
  );
}
