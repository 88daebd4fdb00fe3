import { isAncestor } from '../git/merge.ts';
import { branchOf, ZERO_ID } from '../git/ref-names.ts';
import type { RefChange } from '../git/settle-refs.ts';
import { Refusal } from '../http/refusal.ts';
import type { Repository } from '../world/model.ts';
import { type BranchRules, rulesOf } from './branch-rules.ts';
import { passes } from './find-blockers.ts';

/** Why a ref may not move like that for whatever history it has; null: rules do not care. */
export function refusalOf(repository: Repository, change: RefChange, rules: BranchRules): string | null {
  if (change.after === ZERO_ID) return rules.noDeletion ? 'Cannot delete this branch' : null;
  if (change.before === ZERO_ID) return null;
  if (rules.pullRequest !== null) return 'Changes must be made through a pull request.';
  const missing = rules.checks.find((check) => !passes(repository, change.after, check));
  return missing === undefined ? null : `Required status check "${missing.context}" is expected.`;
}

/** Lets a ref move by the REST API, or refuses with 422. */
export async function assertRefUpdate(
  repository: Repository,
  change: RefChange,
  asker: { readonly app?: number; readonly isAdmin?: boolean },
): Promise<void> {
  const branch = branchOf(change.ref);
  if (branch === null) return;
  const rules = rulesOf(repository, branch, asker);
  const reason = refusalOf(repository, change, rules);
  if (reason !== null) throw ruleViolation(reason);
  const isUpdate = change.before !== ZERO_ID && change.after !== ZERO_ID;
  if (!isUpdate || !rules.noForcePush) return;
  if (!(await isAncestor(repository.git, change.before, change.after))) {
    throw ruleViolation('Cannot force-push to this branch');
  }
}

function ruleViolation(reason: string): Refusal {
  return new Refusal(422, `Repository rule violations found\n\n${reason}`);
}
