/** The name of the check that the judge posts; a branch requires it from the judge's App. */
export const GOVERNANCE_CHECK = 'peak/governance';

/** What protects a branch, from rulesets and classic protection together. */
export interface BranchRules {
  readonly pullRequest: boolean;
  /** Required checks; `app` is the App that each is expected from, null: anybody. */
  readonly checks: readonly {
    readonly name: string;
    readonly app: number | null;
    readonly upToDate: boolean;
  }[];
  readonly blocksForcePush: boolean;
  readonly blocksDeletion: boolean;
  readonly mergeQueue: boolean;
  /** Merge methods that the pull request rule allows; null: all that the repository allows. */
  readonly mergeMethods: readonly string[] | null;
}

/** One thing that judge.md §1 demands of a base branch and that it does not have. `app`: whom the check is expected from. */
export type ProtectionGap =
  | { readonly code: 'PULL_REQUEST' | 'CHECK' | 'CHECK_FROM_ANYBODY' | 'UP_TO_DATE' }
  | { readonly code: 'CHECK_FROM_ANOTHER'; readonly app: number }
  | { readonly code: 'FORCE_PUSH' | 'DELETION' | 'REBASE_MERGE' };

/** What is compared with the rules. */
export interface Demanded {
  /** The judge's App; null: not known, any App will do (for a doctor that was not told; a judge knows its own). */
  readonly judgeApp: number | null;
  /** Whether the repository allows rebase merges; null: not known, which counts as allowed. */
  readonly allowsRebaseMerge: boolean | null;
}

/**
 * What a base branch lacks of judge.md §1, all at once; none: it is protected. A deleted branch can be pushed again with another
 * history, so deletion counts like a forced push.
 */
export function findProtectionGaps(rules: BranchRules, demanded: Demanded): readonly ProtectionGap[] {
  const gaps: ProtectionGap[] = [];
  if (!rules.pullRequest) gaps.push({ code: 'PULL_REQUEST' });
  gaps.push(...checkGaps(rules, demanded.judgeApp));
  if (!rules.blocksForcePush) gaps.push({ code: 'FORCE_PUSH' });
  if (!rules.blocksDeletion) gaps.push({ code: 'DELETION' });
  const allowed = rules.mergeMethods?.includes('rebase') ?? true;
  if (allowed && demanded.allowsRebaseMerge !== false) gaps.push({ code: 'REBASE_MERGE' });
  return gaps;
}

/**
 * The required check as the judge's App must post it, or null. Rulesets add up: GitHub asks for each of them, so one that is right is
 * enough, and the one that is up to date is taken.
 */
export function pinnedCheck(
  { checks }: Pick<BranchRules, 'checks'>,
  judgeApp: number | null,
): BranchRules['checks'][number] | null {
  const pinned = checks.filter(
    ({ name, app }) => name === GOVERNANCE_CHECK && app !== null && (judgeApp === null || app === judgeApp),
  );
  return pinned.find(({ upToDate }) => upToDate) ?? pinned[0] ?? null;
}

function checkGaps(rules: BranchRules, judgeApp: number | null): readonly ProtectionGap[] {
  const pinned = pinnedCheck(rules, judgeApp);
  if (pinned !== null) return pinned.upToDate ? [] : [{ code: 'UP_TO_DATE' }];
  const ours = rules.checks.filter(({ name }) => name === GOVERNANCE_CHECK);
  if (ours.length === 0) return [{ code: 'CHECK' }];
  const other = ours.find(({ app }) => app !== null)?.app ?? null;
  return [other === null ? { code: 'CHECK_FROM_ANYBODY' } : { code: 'CHECK_FROM_ANOTHER', app: other }];
}

/** Whether the auto lane can be open on a branch at all: null (not known) where its rules could not be read, which is never yes. */
export function isProtected(
  rules: BranchRules | null,
  demanded: Demanded & { readonly judgeApp: number },
): boolean | null {
  return rules === null ? null : findProtectionGaps(rules, demanded).length === 0 && !rules.mergeQueue;
}
