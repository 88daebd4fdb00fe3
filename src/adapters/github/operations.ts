import type { CallCount } from '../../cycles/publishing-port.ts';

/** A request of GitHub's REST API that this product can make. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** As in GitHub's OpenAPI description. */
  readonly path: string;
  readonly kind: Exclude<CallCount['kind'], 'git'>;
  /** Whether a second request after a lost answer does no harm. Where it would, the truth is read first. */
  readonly repeatable: boolean;
  /** What the token needs, for advice. */
  readonly permission: string;
}

/** Every request that the adapter can make; the client refuses all others. */
export const OPERATIONS = {
  installation: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    kind: 'read',
    repeatable: true,
    permission: 'the App installed in the repository',
  },
  accessToken: {
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    kind: 'token',
    repeatable: true,
    permission: 'the App installed in the repository',
  },
  repository: {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    kind: 'read',
    repeatable: true,
    permission: 'metadata: read',
  },
  listPulls: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    kind: 'read',
    repeatable: true,
    permission: 'pull requests: read',
  },
  pull: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    kind: 'read',
    repeatable: true,
    permission: 'pull requests: read',
  },
  compare: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/compare/{basehead}',
    kind: 'read',
    repeatable: true,
    permission: 'contents: read',
  },
  issue: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    kind: 'read',
    repeatable: true,
    permission: 'pull requests: read',
  },
  membership: {
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
    kind: 'read',
    repeatable: true,
    permission: 'organization members: read',
  },
  createTree: {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/trees',
    kind: 'write',
    repeatable: true,
    permission: 'contents: write',
  },
  createCommit: {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/commits',
    kind: 'write',
    repeatable: true,
    permission: 'contents: write',
  },
  createRef: {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/refs',
    kind: 'write',
    repeatable: false,
    permission: 'contents: write',
  },
  updateRef: {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    kind: 'write',
    repeatable: false,
    permission: 'contents: write',
  },
  createPull: {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls',
    kind: 'write',
    repeatable: false,
    permission: 'pull requests: write',
  },
  updatePull: {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    kind: 'write',
    repeatable: true,
    permission: 'pull requests: write',
  },
  requestReviewers: {
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    kind: 'write',
    repeatable: true,
    permission: 'pull requests: write',
  },
  addLabels: {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/labels',
    kind: 'write',
    repeatable: true,
    permission: 'pull requests: write',
  },
  // what peak doctor looks at
  branchRules: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/rules/branches/{branch}',
    kind: 'read',
    repeatable: true,
    permission: 'metadata: read',
  },
  branchProtection: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}/protection',
    kind: 'read',
    repeatable: true,
    permission: 'administration: read',
  },
  ruleset: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/rulesets/{ruleset_id}',
    kind: 'read',
    repeatable: true,
    permission: 'administration: write, without which GitHub hides who may bypass',
  },
  workflowPermissions: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/permissions/workflow',
    kind: 'read',
    repeatable: true,
    permission: 'administration: read',
  },
  repositorySecrets: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/secrets',
    kind: 'read',
    repeatable: true,
    permission: 'secrets: read',
  },
  environments: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/environments',
    kind: 'read',
    repeatable: true,
    permission: 'actions: read',
  },
  branchPolicies: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
    kind: 'read',
    repeatable: true,
    permission: 'actions: read',
  },
  environmentSecrets: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/environments/{environment_name}/secrets',
    kind: 'read',
    repeatable: true,
    permission: 'environments: read',
  },
  collaborator: {
    method: 'GET',
    path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    kind: 'read',
    repeatable: true,
    permission: 'metadata: read',
  },
  teamMembers: {
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/members',
    kind: 'read',
    repeatable: true,
    permission: 'organization members: read',
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof OPERATIONS;

/** Patterns by operation; those without a parameter at their end first, so that none can swallow another. */
const PATTERNS = (Object.entries(OPERATIONS) as [OperationName, Operation][]).map(
  ([name, { method, path }]) => ({
    name,
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }),
);

/** The operation that a request is, by method and path below the API's root; null for none of ours. */
export function operationOf(method: string, path: string): OperationName | null {
  return PATTERNS.find((one) => one.method === method && one.pattern.test(path))?.name ?? null;
}
