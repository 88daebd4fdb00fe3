import type { CallCount } from '../../cycles/publishing-port.ts';

/** A request of GitHub's API that this product can make. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** As in GitHub's OpenAPI description; GraphQL has one path for everything. */
  readonly path: string;
  readonly kind: Exclude<CallCount['kind'], 'git'>;
  /** Whether a second request after a lost answer does no harm. Where it would, the truth is read first. */
  readonly repeatable: boolean;
  /** What the token needs, for advice. */
  readonly permission: string;
}

const read = <P extends string>(path: P, permission: string) =>
  ({ method: 'GET', path, kind: 'read', repeatable: true, permission }) as const;
const write = <M extends Operation['method'], P extends string>(method: M, path: P, permission: string) =>
  ({ method, path, kind: 'write', repeatable: true, permission }) as const;
/** Whether it happened has to be read before it is repeated. */
const writeOnce = <M extends Operation['method'], P extends string>(method: M, path: P, permission: string) =>
  ({ method, path, kind: 'write', repeatable: false, permission }) as const;

/** GitHub's GraphQL API, beside the root of its REST API ("Forming calls with GraphQL"). */
export const GRAPHQL_PATH = '/graphql';

/** Every request that the adapter can make; the client refuses all others. */
export const OPERATIONS = {
  installation: read('/repos/{owner}/{repo}/installation', 'the App installed in the repository'),
  accessToken: {
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    kind: 'token',
    repeatable: true,
    permission: 'the App installed in the repository',
  },
  viewer: read('/user', "a person's token"),
  repository: read('/repos/{owner}/{repo}', 'metadata: read'),
  listPulls: read('/repos/{owner}/{repo}/pulls', 'pull requests: read'),
  compare: read('/repos/{owner}/{repo}/compare/{basehead}', 'contents: read'),
  issueEvents: read('/repos/{owner}/{repo}/issues/{issue_number}/events', 'issues: read'),
  membership: read('/orgs/{org}/teams/{team_slug}/memberships/{username}', 'organization members: read'),
  createTree: write('POST', '/repos/{owner}/{repo}/git/trees', 'contents: write'),
  createCommit: write('POST', '/repos/{owner}/{repo}/git/commits', 'contents: write'),
  createRef: writeOnce('POST', '/repos/{owner}/{repo}/git/refs', 'contents: write'),
  updateRef: writeOnce('PATCH', '/repos/{owner}/{repo}/git/refs/{ref}', 'contents: write'),
  createPull: writeOnce('POST', '/repos/{owner}/{repo}/pulls', 'pull requests: write'),
  updatePull: write('PATCH', '/repos/{owner}/{repo}/pulls/{pull_number}', 'pull requests: write'),
  requestReviewers: write(
    'POST',
    '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    'pull requests: write',
  ),
  addLabels: write('POST', '/repos/{owner}/{repo}/issues/{issue_number}/labels', 'pull requests: write'),
  // what peak doctor looks at
  branchRules: read('/repos/{owner}/{repo}/rules/branches/{branch}', 'metadata: read'),
  branchProtection: read('/repos/{owner}/{repo}/branches/{branch}/protection', 'administration: read'),
  ruleset: read(
    '/repos/{owner}/{repo}/rulesets/{ruleset_id}',
    'administration: write, without which GitHub hides who may bypass',
  ),
  workflowPermissions: read('/repos/{owner}/{repo}/actions/permissions/workflow', 'administration: read'),
  repositorySecrets: read('/repos/{owner}/{repo}/actions/secrets', 'secrets: read'),
  environments: read('/repos/{owner}/{repo}/environments', 'actions: read'),
  branchPolicies: read(
    '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
    'actions: read',
  ),
  environmentSecrets: read(
    '/repos/{owner}/{repo}/environments/{environment_name}/secrets',
    'environments: read',
  ),
  collaborator: read('/repos/{owner}/{repo}/collaborators/{username}/permission', 'metadata: read'),
  teamMembers: read('/orgs/{org}/teams/{team_slug}/members', 'organization members: read'),
  // what the judge asks and writes
  app: read('/app', 'the App itself'),
  installations: read('/app/installations', 'the App itself'),
  installationRepositories: read('/installation/repositories', 'metadata: read'),
  user: read('/users/{username}', 'none'),
  pull: read('/repos/{owner}/{repo}/pulls/{pull_number}', 'pull requests: read'),
  pullState: {
    method: 'POST',
    path: GRAPHQL_PATH,
    kind: 'read',
    repeatable: true,
    permission: 'pull requests: read, checks: read and contents: read',
  },
  pullCommits: read('/repos/{owner}/{repo}/pulls/{pull_number}/commits', 'pull requests: read'),
  commits: read('/repos/{owner}/{repo}/commits', 'contents: read'),
  commitPulls: read('/repos/{owner}/{repo}/commits/{commit_sha}/pulls', 'pull requests: read'),
  checkRuns: read('/repos/{owner}/{repo}/commits/{ref}/check-runs', 'checks: read'),
  createCheckRun: write('POST', '/repos/{owner}/{repo}/check-runs', 'checks: write'),
  updateCheckRun: write('PATCH', '/repos/{owner}/{repo}/check-runs/{check_run_id}', 'checks: write'),
  merge: writeOnce('PUT', '/repos/{owner}/{repo}/pulls/{pull_number}/merge', 'contents: write'),
  createComment: writeOnce(
    'POST',
    '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    'pull requests: write',
  ),
  issues: read('/repos/{owner}/{repo}/issues', 'issues: read'),
  createIssue: writeOnce('POST', '/repos/{owner}/{repo}/issues', 'issues: write'),
  updateIssue: write('PATCH', '/repos/{owner}/{repo}/issues/{issue_number}', 'issues: write'),
  ref: read('/repos/{owner}/{repo}/git/ref/{ref}', 'contents: read'),
  commit: read('/repos/{owner}/{repo}/git/commits/{commit_sha}', 'contents: read'),
  workflowRuns: read('/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', 'actions: read'),
  dispatch: write('POST', '/repos/{owner}/{repo}/dispatches', 'contents: write'),
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof OPERATIONS;

/**
 * What the judge alone writes (judge.md §1), and GraphQL, where a path does not tell a question from a change: no client of the
 * publisher's lets it through, whatever its token may do.
 */
export const JUDGE_ONLY: ReadonlySet<OperationName> = new Set<OperationName>([
  'pullState',
  'createCheckRun',
  'updateCheckRun',
  'merge',
  'createComment',
  'createIssue',
  'updateIssue',
  'dispatch',
]);

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
