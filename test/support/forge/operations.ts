import * as apps from './api/apps.ts';
import * as branches from './api/branches.ts';
import * as suites from './api/check-suites.ts';
import * as checks from './api/checks.ts';
import * as comments from './api/comments.ts';
import * as commits from './api/commits.ts';
import * as objects from './api/git-objects.ts';
import * as refs from './api/git-refs.ts';
import * as trees from './api/git-trees.ts';
import * as issues from './api/issues.ts';
import * as merging from './api/merge-pull.ts';
import * as people from './api/people.ts';
import * as pulls from './api/pulls.ts';
import * as repositories from './api/repositories.ts';
import * as reviewers from './api/reviewers.ts';
import * as reviews from './api/reviews.ts';
import * as statuses from './api/statuses.ts';
import * as runs from './api/workflow-runs.ts';
import { assertAccess, type Need } from './auth/access.ts';
import { findRepository } from './http/answer-rest.ts';
import { type Handler, paramIn, type RepositoryCall } from './http/call.ts';
import { notFound } from './http/refusal.ts';
import type { Role } from './world/model.ts';

/** In a repository, for whoever has one of the permissions (an App) or the role (a user). */
function inRepository(need: Need, run: Handler<RepositoryCall>): Handler {
  return (call) => {
    const repository = findRepository(call.world, paramIn(call, 'owner'), paramIn(call, 'repo'));
    if (repository === null) throw notFound();
    assertAccess(call.world, call.actor, { repository, need });
    return run({ ...call, repository });
  };
}

function reads(scopes: string, run: Handler<RepositoryCall>, role: Role = 'read'): Handler {
  return inRepository({ scopes: scopes.split(' '), level: 'read', role }, run);
}

function writes(scopes: string, run: Handler<RepositoryCall>, role: Role = 'write'): Handler {
  return inRepository({ scopes: scopes.split(' '), level: 'write', role }, run);
}

/** Pull requests are issues: either permission is enough for what they share. */
const TALK = 'issues pull_requests';

/**
 * What the forge answers, by GitHub's names, with the permission an App needs (any of them) and the role a user needs:
 * https://docs.github.com/rest/authentication/permissions-required-for-github-apps. The same names are cut out of
 * GitHub's description (`npx tsx scripts/cut-github-schemas.ts` after adding one).
 */
export const OPERATIONS: Readonly<Record<string, Handler>> = {
  'apps/get-authenticated': apps.getAuthenticatedApp,
  'apps/list-installations': apps.listInstallations,
  'apps/get-installation': apps.getInstallation,
  'apps/get-repo-installation': apps.getRepositoryInstallation,
  'apps/create-installation-access-token': apps.createAccessToken,
  'apps/list-repos-accessible-to-installation': apps.listInstallationRepositories,
  'apps/get-by-slug': apps.getAppBySlug,

  'repos/get': reads('metadata', repositories.getRepository),
  'repos/update': writes('administration', repositories.updateRepository, 'admin'),

  'repos/list-branches': reads('contents', branches.listBranches),
  'repos/get-branch': reads('contents', branches.getBranch),
  'repos/get-branch-rules': reads('metadata', branches.getBranchRules),
  'repos/get-branch-protection': reads('administration', branches.getBranchProtection, 'admin'),
  'repos/get-repo-rulesets': reads('metadata', branches.listRulesets),
  'repos/get-repo-ruleset': reads('metadata', branches.getRuleset),
  'repos/get-all-environments': reads('actions', branches.listEnvironments),
  'repos/list-deployment-branch-policies': reads('actions', branches.listDeploymentBranchPolicies),
  'actions/list-environment-secrets': reads('environments', branches.listEnvironmentSecrets, 'write'),
  'actions/list-workflow-runs': reads('actions', runs.listWorkflowRuns),
  'actions/list-repo-secrets': reads('secrets', branches.listRepositorySecrets, 'write'),
  'actions/get-github-actions-permissions-repository': reads(
    'administration',
    branches.getActionsPermissions,
    'admin',
  ),
  'actions/get-github-actions-default-workflow-permissions-repository': reads(
    'administration',
    branches.getWorkflowPermissions,
    'admin',
  ),
  'repos/get-collaborator-permission-level': reads('metadata', people.getCollaboratorPermission),
  'orgs/get-membership-for-user': people.getOrganizationMembership,
  'orgs/check-membership-for-user': people.checkOrganizationMember,
  'teams/get-by-name': people.getTeam,
  'teams/list-members-in-org': people.listTeamMembers,
  'teams/get-membership-for-user-in-org': people.getTeamMembership,
  'users/get-authenticated': people.getAuthenticatedUser,
  'users/get-by-username': people.getUser,
  'users/get-by-id': people.getUserById,
  'rate-limit/get': people.getRateLimit,

  'repos/list-commits': reads('contents', commits.listCommitsOf),
  'repos/get-commit': reads('contents', commits.getCommit),
  'repos/compare-commits-with-basehead': reads('contents', commits.compareCommits),
  'repos/list-pull-requests-associated-with-commit': reads('pull_requests', commits.listPullsOfCommit),
  'repos/get-content': reads('contents', commits.getContent),
  'repos/create-dispatch-event': writes('contents', commits.createDispatch),

  'git/create-blob': writes('contents', objects.createBlob),
  'git/get-blob': reads('contents', objects.getBlob),
  'git/create-tree': writes('contents', trees.createTree),
  'git/get-tree': reads('contents', trees.getTree),
  'git/create-commit': writes('contents', objects.createCommit),
  'git/get-commit': reads('contents', objects.getGitCommit),
  'git/get-ref': reads('contents', refs.getRef),
  'git/list-matching-refs': reads('contents', refs.listMatchingRefs),
  'git/create-ref': writes('contents', refs.createRef),
  'git/update-ref': writes('contents', refs.updateRef),
  'git/delete-ref': writes('contents', refs.deleteRef),

  'pulls/list': reads('pull_requests', pulls.listPulls),
  'pulls/get': reads('pull_requests', pulls.getPull),
  'pulls/create': writes('pull_requests', pulls.createPull, 'read'),
  'pulls/update': writes('pull_requests', pulls.updatePull, 'read'),
  'pulls/list-requested-reviewers': reads('pull_requests', reviewers.listReviewers),
  'pulls/request-reviewers': writes('pull_requests', reviewers.requestReviewers),
  'pulls/remove-requested-reviewers': writes('pull_requests', reviewers.removeReviewers),

  'pulls/list-files': reads('pull_requests', merging.listPullFiles),
  'pulls/list-commits': reads('pull_requests', merging.listCommitsOfPull),
  'pulls/check-if-merged': reads('contents', merging.checkMerged),
  'pulls/merge': writes('contents', merging.mergePull),
  'pulls/update-branch': writes('pull_requests', merging.updatePullBranch),
  'pulls/list-reviews': reads('pull_requests', reviews.listReviews),
  'pulls/get-review': reads('pull_requests', reviews.getReview),
  'pulls/create-review': writes('pull_requests', reviews.createReview, 'read'),
  'pulls/submit-review': writes('pull_requests', reviews.submitReview, 'read'),
  'pulls/update-review': writes('pull_requests', reviews.updateReview, 'read'),
  'pulls/dismiss-review': writes('pull_requests', reviews.dismissReviewByHand),

  'checks/create': writes('checks', checks.createCheckRun),
  'checks/update': writes('checks', checks.updateCheckRun),
  'checks/get': reads('checks', checks.getCheckRun),
  'checks/list-annotations': reads('checks', checks.listAnnotations),
  'checks/list-for-ref': reads('checks', checks.listCheckRuns),
  'checks/list-suites-for-ref': reads('checks', suites.listCheckSuites),
  'checks/rerequest-run': writes('checks', checks.rerequestRun),
  'checks/rerequest-suite': writes('checks', suites.rerequestSuite),
  'repos/create-commit-status': writes('statuses', statuses.createStatus),
  'repos/get-combined-status-for-ref': reads('statuses', statuses.getCombinedStatus),

  'issues/list-for-repo': reads(TALK, issues.listIssues),
  'issues/get': reads(TALK, issues.getIssue),
  'issues/create': writes('issues', issues.createIssue, 'read'),
  'issues/update': writes(TALK, issues.updateIssue, 'read'),
  'issues/list-events': reads(TALK, issues.listIssueEvents),
  'issues/list-labels-on-issue': reads(TALK, issues.listIssueLabels),
  'issues/add-labels': writes(TALK, issues.addLabels, 'triage'),
  'issues/set-labels': writes(TALK, issues.setLabels, 'triage'),
  'issues/remove-label': writes(TALK, issues.removeLabel, 'triage'),
  'issues/list-labels-for-repo': reads(TALK, issues.listLabels),
  'issues/create-label': writes(TALK, issues.createLabel),
  'issues/get-label': reads(TALK, issues.getLabel),
  'issues/update-label': writes(TALK, issues.updateLabel),
  'issues/delete-label': writes(TALK, issues.deleteLabel),
  'issues/list-comments': reads(TALK, comments.listComments),
  'issues/create-comment': writes(TALK, comments.createComment, 'read'),
  'issues/get-comment': reads(TALK, comments.getComment),
  'issues/update-comment': writes(TALK, comments.updateComment, 'read'),
  'issues/delete-comment': writes(TALK, comments.deleteComment, 'read'),
  'reactions/create-for-issue-comment': writes(TALK, comments.createReaction, 'read'),
  'reactions/list-for-issue-comment': reads(TALK, comments.listReactions),
};
