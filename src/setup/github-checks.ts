import type { AutoApplyPolicy } from '../governance/index.ts';
import {
  type BranchRules,
  findProtectionGaps,
  GOVERNANCE_CHECK,
  type ProtectionGap,
  pinnedCheck,
} from '../review/index.ts';
import { checkApprovals } from './approval-checks.ts';
import { type Check, checkKnown, fine, type Known, wrong } from './check.ts';
import type { ExpectedApps, GovernedSettings, PublisherEnvironment } from './governed-settings.ts';
import { KEY_SECRET } from './names.ts';

/** Settings on GitHub against judge.md §1. */
export function checkGitHub(
  settings: GovernedSettings,
  policy: AutoApplyPolicy | null,
  apps: ExpectedApps,
): readonly Check[] {
  const { defaultBranch: branch } = settings;
  return [
    fine('GITHUB', { repository: settings.repository }),
    ...checkKnown('PULL_REQUEST_RULE', settings.rules, (rules) =>
      hasGap(rules, 'PULL_REQUEST')
        ? wrong('PULL_REQUEST_RULE', 'error', { branch })
        : fine('PULL_REQUEST_RULE', { branch }),
    ),
    ...checkKnown('GOVERNANCE_CHECK', settings.rules, (rules) => checkRequired(rules, apps)),
    ...checkKnown('FORCE_PUSH', settings.rules, (rules) => checkForcePush(rules, branch)),
    ...checkRebase(settings),
    ...checkMergedBranches(settings),
    ...checkKnown('BYPASS', settings.bypass, (actors) => {
      const ours = [apps.judge, apps.publisher];
      if (actors.length === 0) return fine('BYPASS');
      return actors.map(({ label, app }) =>
        wrong('BYPASS', app !== null && ours.includes(app) ? 'error' : 'warning', { actor: label }),
      );
    }),
    ...checkPublisher(settings),
    ...checkOneApp(apps),
    ...checkKnown(
      'MERGE_QUEUE',
      settings.rules,
      ({ mergeQueue }) => (mergeQueue ? wrong('MERGE_QUEUE', 'warning') : fine('MERGE_QUEUE')),
      'warning',
    ),
    ...(policy === null ? [] : checkApprovals(policy, settings.approvers)),
  ];
}

/** A check of that name from anybody else must count for nothing. */
function checkRequired(rules: BranchRules, { judge, publisher }: ExpectedApps): readonly Check[] {
  const pinned = pinnedCheck(rules, judge);
  const bad = (reason: string) => [wrong('GOVERNANCE_CHECK', 'error', { reason })];
  if (pinned === null)
    return gapsOf(rules, judge)
      .flatMap((gap) => whyNotPinned(gap, judge))
      .flatMap(bad);
  if (judge === null && pinned.app === publisher)
    return bad(`${GOVERNANCE_CHECK} is expected from the publisher App ${publisher}`);
  const app = judge === null ? `${pinned.app}; --judge-app says whether that is the judge` : `${pinned.app}`;
  return [
    judge === null
      ? wrong('GOVERNANCE_CHECK', 'warning', { reason: `${GOVERNANCE_CHECK} is expected from App ${app}` })
      : fine('GOVERNANCE_CHECK', { app }),
    pinned.upToDate ? fine('UP_TO_DATE') : wrong('UP_TO_DATE', 'error'),
  ];
}

/** What the judge itself would find missing. Who may rebase stands elsewhere in the settings. */
function gapsOf(rules: BranchRules, judgeApp: number | null): readonly ProtectionGap[] {
  return findProtectionGaps(rules, { judgeApp, allowsRebaseMerge: null });
}

function hasGap(rules: BranchRules, code: ProtectionGap['code']): boolean {
  return gapsOf(rules, null).some((gap) => gap.code === code);
}

function whyNotPinned(gap: ProtectionGap, judge: number | null): readonly string[] {
  switch (gap.code) {
    case 'CHECK':
      return [`the check ${GOVERNANCE_CHECK} is not required`];
    case 'CHECK_FROM_ANYBODY':
      return [`${GOVERNANCE_CHECK} counts from anybody who can report a check`];
    case 'CHECK_FROM_ANOTHER':
      return [`${GOVERNANCE_CHECK} is expected from App ${gap.app}, not from the judge App ${judge}`];
    default:
      return [];
  }
}

function checkForcePush(rules: BranchRules, branch: string): Check {
  const how = [
    ...(hasGap(rules, 'FORCE_PUSH') ? ['overwritten'] : []),
    ...(hasGap(rules, 'DELETION') ? ['deleted'] : []),
  ];
  return how.length === 0
    ? fine('FORCE_PUSH', { branch })
    : wrong('FORCE_PUSH', 'error', { branch, how: how.join(' and ') });
}

/** Off when the branch's own rules forbid it, or the repository does. */
function checkRebase({ rules, allowsRebaseMerge }: GovernedSettings): readonly Check[] {
  if (rules.known && !hasGap(rules.value, 'REBASE_MERGE')) return [fine('REBASE_MERGE')];
  return checkKnown('REBASE_MERGE', allowsRebaseMerge, (allowed) =>
    allowed ? wrong('REBASE_MERGE', 'error') : fine('REBASE_MERGE'),
  );
}

function checkMergedBranches({ deletesMergedBranches }: GovernedSettings): readonly Check[] {
  const look = (deletes: boolean) =>
    deletes ? fine('MERGED_BRANCHES') : wrong('MERGED_BRANCHES', 'warning');
  return checkKnown('MERGED_BRANCHES', deletesMergedBranches, look, 'warning');
}

function checkPublisher(settings: GovernedSettings): readonly Check[] {
  const { environment, repositorySecrets, actionsMayOpenPullRequests: may, defaultBranch } = settings;
  const secrets: Known<readonly string[]> = !environment.known
    ? environment
    : (environment.value?.secrets ?? { known: true, value: [] });
  const hasKey = secrets.known && secrets.value.includes(KEY_SECRET);
  return [
    ...checkKnown('KEY_AT_REPOSITORY', repositorySecrets, checkRepositorySecrets),
    ...checkKnown('ENVIRONMENT', environment, (found) => checkEnvironment(found, defaultBranch)),
    ...checkKnown(
      'PUBLISHER_KEY',
      secrets,
      () => (hasKey ? fine('PUBLISHER_KEY') : wrong('PUBLISHER_KEY', 'warning')),
      'warning',
    ),
    ...(hasKey
      ? [fine('ACTIONS_PULL_REQUESTS')]
      : checkKnown('ACTIONS_PULL_REQUESTS', may, (allowed) =>
          allowed ? fine('ACTIONS_PULL_REQUESTS') : wrong('ACTIONS_PULL_REQUESTS', 'error'),
        )),
  ];
}

/** Our own name, and what looks like an App's key under another: names are all that GitHub shows. */
function checkRepositorySecrets(names: readonly string[]): readonly Check[] {
  const keys = names.filter((name) => /PRIVATE_?KEY|_PEM$/.test(name.toUpperCase()));
  if (keys.length === 0) return [fine('KEY_AT_REPOSITORY')];
  return keys.map((secret) =>
    wrong('KEY_AT_REPOSITORY', secret.toUpperCase() === KEY_SECRET ? 'error' : 'warning', { secret }),
  );
}

function checkEnvironment(environment: PublisherEnvironment | null, branch: string): Check {
  const bad = (reason: string) => wrong('ENVIRONMENT', 'error', { reason });
  if (environment === null)
    return bad(
      'there is no environment peak-publish; GitHub makes one without any limit when it is first used',
    );
  const { branches } = environment;
  if (branches === 'any') return bad('every branch can use the environment peak-publish');
  if (branches === 'protected')
    return bad('every protected branch can use the environment peak-publish, not the default branch alone');
  const others = branches.filter((name) => name !== branch);
  if (others.length > 0) return bad(`the environment peak-publish is open to ${others.join(', ')}`);
  return branches.length === 0
    ? bad('no branch can use the environment peak-publish')
    : fine('ENVIRONMENT', { branch });
}

function checkOneApp({ judge, publisher }: ExpectedApps): readonly Check[] {
  if (judge === null || publisher === null) return [];
  return [judge === publisher ? wrong('ONE_APP', 'warning') : fine('ONE_APP')];
}
