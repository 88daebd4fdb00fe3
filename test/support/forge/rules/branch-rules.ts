import type { Protection, Repository, Ruleset } from '../world/model.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** What a branch demands, all rulesets and classic protection taken together: the strictest of each. */
export interface BranchRules {
  readonly checks: readonly RequiredCheck[];
  /** The head must contain the base's tip. */
  readonly upToDate: boolean;
  readonly pullRequest: PullRequestRule | null;
  readonly noForcePush: boolean;
  readonly noDeletion: boolean;
  readonly linearHistory: boolean;
}

export interface RequiredCheck {
  readonly context: string;
  /** Only this App's check run counts; null: anybody's. */
  readonly app: number | null;
}

export interface PullRequestRule {
  readonly approvals: number;
  readonly dismissStale: boolean;
  readonly codeOwners: boolean;
  readonly lastPush: boolean;
  readonly methods: readonly MergeMethod[];
}

const ALL_METHODS: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];

/** Who asks, for the rules that some may bypass. */
interface Asker {
  /** The App's id, if an App asks. */
  readonly app?: number;
  readonly isAdmin?: boolean;
}

/** The rules of a branch for somebody; for nobody in particular, none is bypassed. */
export function rulesOf(repository: Repository, branch: string, asker: Asker = {}): BranchRules {
  const rulesets = activeRulesets(repository, branch).filter(
    ({ bypassApps }) => asker.app === undefined || !bypassApps.includes(asker.app),
  );
  const protection = repository.protections.get(branch);
  const isBypassed = asker.isAdmin === true && protection?.enforce_admins === false;
  const parts = rulesets.flatMap(({ rules }) => rules.map(fromRule));
  if (protection !== undefined && !isBypassed) parts.push(fromProtection(protection));
  return parts.reduce<BranchRules>(stricter, NO_RULES);
}

/** Active rulesets that cover a branch, oldest first. */
export function activeRulesets(repository: Repository, branch: string): readonly Ruleset[] {
  return repository.rulesets.filter(
    ({ enforcement, include, exclude }) =>
      enforcement === 'active' &&
      include.some((pattern) => covers(repository, pattern, branch)) &&
      !exclude.some((pattern) => covers(repository, pattern, branch)),
  );
}

const NO_RULES: BranchRules = {
  checks: [],
  upToDate: false,
  pullRequest: null,
  noForcePush: false,
  noDeletion: false,
  linearHistory: false,
};

/** https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets. */
function covers(repository: Repository, pattern: string, branch: string): boolean {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === repository.defaultBranch;
  const escaped = pattern.replace(/^refs\/heads\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const glob = escaped
    .replaceAll('**/', '(?:.+/)?')
    .replaceAll('**', '.+')
    .replace(/(?<!\.)\*/g, '[^/]*');
  return new RegExp(`^${glob}$`).test(branch);
}

function fromRule({ type, parameters = {} }: Ruleset['rules'][number]): Partial<BranchRules> {
  switch (type) {
    case 'required_status_checks': {
      const listed = (parameters['required_status_checks'] ?? []) as readonly {
        context: string;
        integration_id?: number;
      }[];
      return {
        checks: listed.map(({ context, integration_id }) => ({ context, app: integration_id ?? null })),
        upToDate: parameters['strict_required_status_checks_policy'] === true,
      };
    }
    case 'pull_request':
      return {
        pullRequest: {
          approvals: Number(parameters['required_approving_review_count'] ?? 0),
          dismissStale: parameters['dismiss_stale_reviews_on_push'] === true,
          codeOwners: parameters['require_code_owner_review'] === true,
          lastPush: parameters['require_last_push_approval'] === true,
          methods: (parameters['allowed_merge_methods'] as readonly MergeMethod[] | undefined) ?? ALL_METHODS,
        },
      };
    case 'non_fast_forward':
      return { noForcePush: true };
    case 'deletion':
      return { noDeletion: true };
    case 'required_linear_history':
      return { linearHistory: true };
    default:
      return {};
  }
}

function fromProtection(protection: Protection): Partial<BranchRules> {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = protection;
  const pullRequest: PullRequestRule | null =
    reviews === null
      ? null
      : {
          approvals: reviews.required_approving_review_count,
          dismissStale: reviews.dismiss_stale_reviews,
          codeOwners: reviews.require_code_owner_reviews,
          lastPush: reviews.require_last_push_approval,
          methods: ALL_METHODS,
        };
  return {
    checks: (checks?.checks ?? []).map(({ context, app_id }) => ({ context, app: app_id })),
    upToDate: checks?.strict === true,
    pullRequest,
    noForcePush: !protection.allow_force_pushes,
    noDeletion: !protection.allow_deletions,
    linearHistory: protection.required_linear_history,
  };
}

function stricter(a: BranchRules, b: Partial<BranchRules>): BranchRules {
  return {
    checks: [...a.checks, ...(b.checks ?? [])],
    upToDate: a.upToDate || b.upToDate === true,
    pullRequest: stricterPullRequest(a.pullRequest, b.pullRequest ?? null),
    noForcePush: a.noForcePush || b.noForcePush === true,
    noDeletion: a.noDeletion || b.noDeletion === true,
    linearHistory: a.linearHistory || b.linearHistory === true,
  };
}

function stricterPullRequest(a: PullRequestRule | null, b: PullRequestRule | null): PullRequestRule | null {
  if (a === null || b === null) return a ?? b;
  return {
    approvals: Math.max(a.approvals, b.approvals),
    dismissStale: a.dismissStale || b.dismissStale,
    codeOwners: a.codeOwners || b.codeOwners,
    lastPush: a.lastPush || b.lastPush,
    methods: a.methods.filter((method) => b.methods.includes(method)),
  };
}
