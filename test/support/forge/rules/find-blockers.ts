import { includesRole, roleOf } from '../auth/access.ts';
import { permits } from '../auth/actor.ts';
import { isAncestor } from '../git/merge.ts';
import type { Account, Pull, Repository, Review } from '../world/model.ts';
import type { World } from '../world/world.ts';
import type { BranchRules, PullRequestRule, RequiredCheck } from './branch-rules.ts';
import { findCodeOwners, isOwner } from './code-owners.ts';

/** A pull request under the rules that hold for whoever wants to merge it. */
export interface RuledPull {
  readonly pull: Pull;
  readonly rules: BranchRules;
}

/** Why a pull request may not be merged now, in words; none: it may. Conflicts are not looked for. */
export async function findBlockers(
  world: World,
  repository: Repository,
  { pull, rules }: RuledPull,
): Promise<readonly string[]> {
  const blockers = rules.checks
    .filter((check) => !passes(repository, pull.head.sha, check))
    .map(({ context }) => `Required status check "${context}" is expected.`);
  if (rules.upToDate && !(await isUpToDate(repository, pull)))
    blockers.push('The head branch is not up to date.');
  if (rules.pullRequest !== null) {
    blockers.push(...(await findMissingReviews(world, repository, { pull, rule: rules.pullRequest })));
  }
  return blockers;
}

/** Whether a required check has passed on a commit: the newest of that name, from the expected App. */
export function passes(repository: Repository, sha: string, { context, app }: RequiredCheck): boolean {
  const runs = repository.checkRuns.filter(
    (run) => run.sha === sha && run.name === context && (app === null || run.suite.app.id === app),
  );
  const newest = runs.at(-1);
  if (newest !== undefined) {
    return (
      newest.status === 'completed' && ['success', 'neutral', 'skipped'].includes(newest.conclusion ?? '')
    );
  }
  if (app !== null) return false;
  const status = repository.statuses.filter((entry) => entry.sha === sha && entry.context === context).at(-1);
  return status?.state === 'success';
}

function isUpToDate(repository: Repository, pull: Pull): Promise<boolean> {
  const tip = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha;
  return isAncestor(repository.git, tip, pull.head.sha);
}

interface ReviewedPull {
  readonly pull: Pull;
  readonly rule: PullRequestRule;
}

async function findMissingReviews(
  world: World,
  repository: Repository,
  { pull, rule }: ReviewedPull,
): Promise<readonly string[]> {
  const latest = latestReviews(pull).filter(({ author }) => mayWrite(world, repository, author));
  const approvals = latest.filter(({ state }) => state === 'APPROVED');
  const blockers: string[] = [];
  if (latest.some(({ state }) => state === 'CHANGES_REQUESTED')) blockers.push('Changes were requested.');
  if (approvals.length < rule.approvals) {
    blockers.push(`At least ${rule.approvals} approving review is required by reviewers with write access.`);
  }
  if (rule.lastPush && !approvals.some((review) => approvesLastPush(pull, review))) {
    blockers.push('New changes require approval from someone other than the last pusher.');
  }
  if (rule.codeOwners) {
    const owned = await findCodeOwners(repository, pull);
    const approvers = approvals.map(({ author }) => author);
    const isApproved = (owners: readonly string[]): boolean =>
      approvers.some((account) => isOwner(world, account, owners));
    if (!owned.every(isApproved)) blockers.push('Waiting on code owner review.');
  }
  return blockers;
}

/** The newest opinion of each reviewer; comments are none. */
function latestReviews(pull: Pull): readonly Review[] {
  const latest = new Map<number, Review>();
  for (const review of pull.reviews) {
    if (['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state))
      latest.set(review.author.id, review);
  }
  return [...latest.values()];
}

function approvesLastPush(pull: Pull, review: Review): boolean {
  return review.commit === pull.head.sha && review.author !== pull.lastPusher;
}

/** GitHub counts approvals of those who may push. */
function mayWrite(world: World, repository: Repository, account: Account): boolean {
  if (account.type !== 'Bot') return includesRole(roleOf(world, repository, account), 'write');
  return world.installations.some(
    ({ app, permissions }) => app.bot === account && permits(permissions, 'contents', 'write'),
  );
}
