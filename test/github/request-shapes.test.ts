/** What each request of the adapter looks like on the wire, as far as no answer of GitHub shows it. Flows are in the other tests here. */
import { generateKeyPairSync } from 'node:crypto';
import { validate } from '@octokit/graphql-schema';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallCounter, type ClientOptions, clientOf, createClient } from '../../src/adapters/github/client.ts';
import { readPullHistory } from '../../src/adapters/github/list-pulls.ts';
import {
  GRAPHQL_PATH,
  JUDGE_ONLY,
  OPERATIONS,
  type OperationName,
  operationOf,
} from '../../src/adapters/github/operations.ts';
import { githubPulls } from '../../src/adapters/github/pull-requests.ts';
import { readForeignCommit } from '../../src/adapters/github/read-heads.ts';
import { bindRepository } from '../../src/adapters/github/repository.ts';
import { startSession } from '../../src/adapters/github/session.ts';
import { settingsReader } from '../../src/adapters/github/settings-reader.ts';
import { writeGitHubCommit } from '../../src/adapters/github/write-commit.ts';
import type { GitRemote } from '../../src/cycles/git-remote-port.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { findOperation, validateRequest } from '../support/forge/index.ts';
import { JUDGE_FLOWS, judgeOnTheWire } from '../support/github/judge-flows.ts';
import {
  API,
  BASE,
  type Flow,
  HEAD,
  IN,
  NEW,
  PAGE,
  PLACE,
  type Shape,
  TREE,
} from '../support/github/wire.ts';

const WHERE = { ...PLACE, apiUrl: API, serverUrl: 'https://github.example' };

/** Answers by operation; 200 and `{}` otherwise. Tells what was asked. */
function answering(answers: Partial<Record<OperationName, unknown>> = {}): Shape[] {
  const seen: Shape[] = [];
  for (const method of ['GET', 'POST', 'PATCH', 'PUT']) {
    nock(API)
      .persist()
      .intercept(/.*/, method)
      .reply((uri, body) => {
        seen.push({ request: `${method} ${uri}`, ...(body === '' ? {} : { body }) });
        const name = operationOf(method, new URL(uri, API).pathname);
        return [200, (name === null ? undefined : answers[name]) ?? {}];
      });
  }
  return seen;
}

const options = (pace: ClientOptions['pace'] = 'none'): ClientOptions => ({
  apiUrl: API,
  pace,
  counter: new CallCounter(),
});
const client = (pace?: ClientOptions['pace']) => clientOf(createClient(options(pace), { auth: 'ghs_token' }));
const repository = () => bindRepository(client(), PLACE, { login: 'peak-publisher[bot]' });

/** A clone with one commit beyond the base. */
const REMOTE: GitRemote = {
  prefix: 'desk/',
  fetchHeads: async () => ({ tip: BASE, heads: new Map(), isShallow: false }),
  fetchPull: async () => true,
  isAncestor: async () => true,
  commitsBeyond: async () => [{ oid: HEAD, parents: [BASE], tree: TREE }],
  mergedTree: async () => TREE,
  treeOf: async () => TREE,
};

const pulls = () => {
  const web = { server: WHERE.serverUrl, repository: 'acme/trading', prefix: '' };
  const context = { web, remote: REMOTE, defaultBranch: 'main', histories: new Map() };
  const bound = repository();
  return githubPulls(web, () => ({ ...context, repository: bound }));
};

const commit = (expectedHead: string | null) =>
  writeGitHubCommit(repository(), REMOTE, {
    branch: 'peak/promotion/manual',
    expectedHead,
    parents: expectedHead === null ? [BASE, BASE] : [expectedHead, BASE],
    baseCommit: BASE,
    files: new Map([['reports/a.json', new TextEncoder().encode('{"ä":1}\n')]]),
    message: 'Promote\n',
    time: instantFromMs(0),
  });

const NOTHING = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const PULL = {
  ...{ number: 4, state: 'OPEN', body: '', author: null, isCrossRepository: false, headRefOid: HEAD },
  ...{ headRefName: 'b', baseRefName: 'main', baseRef: null, mergeCommit: null },
  ...{ reviews: NOTHING, comments: NOTHING, timelineItems: NOTHING },
  commits: { nodes: [{ commit: { oid: HEAD, checkSuites: NOTHING } }] },
};

/** Names that exist in answers, so that every question is asked. */
const ANSWERS: Partial<Record<OperationName, unknown>> = {
  installation: { id: 7, app_slug: 'peak-publisher' },
  accessToken: { token: 'ghs_new', expires_at: '2999-01-01T00:00:00Z', permissions: {} },
  repository: { full_name: 'acme/trading', default_branch: 'main' },
  listPulls: [],
  compare: { commits: [], total_commits: 0 },
  issueEvents: [{ event: 'closed', actor: { login: 'ann' } }],
  createTree: { sha: TREE },
  createCommit: { sha: NEW },
  pull: {
    number: 4,
    state: 'open',
    user: { id: 1, login: 'ann', type: 'User' },
    author_association: 'NONE',
    head: { sha: HEAD, ref: 'b', repo: { id: 1 } },
    base: { ref: 'main', repo: { id: 1 } },
  },
  pullState: { data: { repository: { databaseId: 1, pullRequests: NOTHING, pullRequest: PULL } } },
  pullCommits: [],
  commits: [],
  commitPulls: [],
  collaborator: { permission: 'write', user: { id: 1, type: 'User' } },
  membership: { state: 'active' },
  workflowRuns: { workflow_runs: [] },
  checkRuns: { check_runs: [] },
  createCheckRun: { id: 9 },
  updateCheckRun: { id: 9 },
  merge: { sha: NEW },
  ref: { object: { sha: NEW } },
  commit: { tree: { sha: TREE } },
  createComment: { id: 8, user: null, body: 'B', created_at: '', updated_at: '' },
  issues: [],
  createIssue: { number: 5 },
  app: { id: 2, slug: 'peak-judge' },
  user: { id: 3, login: 'x[bot]' },
  installations: [{ id: 7, suspended_at: null }],
  installationRepositories: { repositories: [] },
  createPull: { number: 4, html_url: '', body: '', labels: [] },
  branchRules: [{ type: 'pull_request', ruleset_id: 5 }],
  repositorySecrets: { total_count: 0, secrets: [] },
  environments: {
    total_count: 1,
    environments: [
      {
        name: 'peak-publish',
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
    ],
  },
  branchPolicies: { total_count: 0, branch_policies: [] },
  environmentSecrets: { total_count: 0, secrets: [] },
  teamMembers: [{ login: 'ann', type: 'User' }],
};

const KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

const TREE_SHAPE: Shape = {
  request: `POST ${IN}/git/trees`,
  body: {
    base_tree: TREE,
    tree: [{ path: 'desk/reports/a.json', mode: '100644', type: 'blob', content: '{"ä":1}\n' }],
  },
};
const commitShape = (...parents: readonly string[]): Shape => ({
  request: `POST ${IN}/git/commits`,
  // No author and no committer: GitHub signs only what names none.
  body: { message: 'Promote\n', tree: TREE, parents },
});
const WRITES: Readonly<Record<string, Flow>> = {
  'an App exchanges its key for a token of this one repository': [
    () => startSession({ ...WHERE, credentials: { kind: 'app', appId: '1', privateKey: KEY } }, options()),
    [
      { request: `GET ${IN}/installation` },
      { request: 'POST /app/installations/7/access_tokens', body: { repositories: ['trading'] } },
    ],
  ],
  'a commit on a new branch': [
    () => commit(null),
    [
      TREE_SHAPE,
      commitShape(BASE),
      { request: `POST ${IN}/git/refs`, body: { ref: 'refs/heads/peak/promotion/manual', sha: NEW } },
    ],
  ],
  'a commit on a branch that stands is never forced': [
    () => commit(HEAD),
    [
      TREE_SHAPE,
      commitShape(HEAD, BASE),
      {
        request: `PATCH ${IN}/git/refs/heads%2Fpeak%2Fpromotion%2Fmanual`,
        body: { sha: NEW, force: false },
      },
    ],
  ],
  'a pull request': [
    () => pulls().open({ branch: 'peak/promotion/manual', title: 'T', body: 'B' }),
    [
      {
        request: `POST ${IN}/pulls`,
        body: { head: 'peak/promotion/manual', base: 'main', title: 'T', body: 'B' },
      },
    ],
  ],
  'a new body': [
    () => pulls().edit(4, () => ({ title: 'T', body: 'B' })),
    [{ request: `GET ${IN}/pulls/4` }, { request: `PATCH ${IN}/pulls/4`, body: { title: 'T', body: 'B' } }],
  ],
  'a closing': [
    () => pulls().edit(4, () => ({ body: 'B', state: 'closed' })),
    [
      { request: `GET ${IN}/pulls/4` },
      { request: `PATCH ${IN}/pulls/4`, body: { body: 'B', state: 'closed' } },
    ],
  ],
  'reviewers, then labels': [
    () => pulls().mark(4, ['lane: manual'], ['olivia', '@acme/risk']),
    [
      {
        request: `POST ${IN}/pulls/4/requested_reviewers`,
        body: { reviewers: ['olivia'], team_reviewers: ['risk'] },
      },
      { request: `POST ${IN}/issues/4/labels`, body: { labels: ['lane: manual'] } },
    ],
  ],
};

const READS: Readonly<Record<string, Flow>> = {
  'whose token it is': [
    () => startSession({ ...WHERE, credentials: { kind: 'person', token: 'gho_x' } }, options()),
    [{ request: 'GET /user' }],
  ],
  'who closed a pull request': [
    () => pulls().closerOf(4, ['olivia', '@acme/risk']),
    [
      { request: `GET ${IN}/issues/4/events?${PAGE}` },
      { request: 'GET /orgs/acme/teams/risk/memberships/ann' },
    ],
  ],
  'the pull requests of a branch, whatever the base': [
    () => readPullHistory(repository(), 'peak/promotion/auto', null),
    [
      {
        request: `GET ${IN}/pulls?head=acme%3Apeak%2Fpromotion%2Fauto&state=all&sort=updated&direction=desc&${PAGE}`,
      },
    ],
  ],
  'the pull requests of a branch': [
    () => readPullHistory(repository(), 'peak/promotion/auto', 'main'),
    [
      {
        request: `GET ${IN}/pulls?head=acme%3Apeak%2Fpromotion%2Fauto&base=main&state=all&sort=updated&direction=desc&${PAGE}`,
      },
    ],
  ],
  'the commits beyond the base': [
    () => readForeignCommit(repository(), REMOTE, { base: BASE, head: HEAD }),
    [{ request: `GET ${IN}/compare/${BASE}...${HEAD}?${PAGE}` }],
  ],
  'what peak doctor looks at': [
    () =>
      settingsReader({ ...WHERE, credentials: { kind: 'token', token: 'ghs_token' } }, 'none').read([
        '@acme/risk',
      ]),
    [
      '',
      `/rules/branches/main?${PAGE}`,
      '/branches/main/protection',
      '/rulesets/5',
      '/actions/permissions/workflow',
      `/actions/secrets?${PAGE}`,
      `/environments?${PAGE}`,
      `/environments/peak-publish/deployment-branch-policies?${PAGE}`,
      `/environments/peak-publish/secrets?${PAGE}`,
    ]
      .map((path) => ({ request: `GET ${IN}${path}` }))
      .concat(
        { request: `GET /orgs/acme/teams/risk/members?${PAGE}` },
        { request: `GET ${IN}/collaborators/ann/permission` },
      ),
  ],
};

const FLOWS = { ...WRITES, ...READS, ...JUDGE_FLOWS };

/** What GitHub's own description says against a request. */
function faultsOf({ request, body }: Shape): readonly unknown[] {
  const [method = '', uri = ''] = request.split(' ');
  const { pathname, searchParams } = new URL(uri, API);
  if (pathname === GRAPHQL_PATH) return validate((body as { readonly query: string }).query);
  const found = findOperation(method, pathname);
  if (found === null) return [`${request} is not described`];
  const { operation, params } = found;
  return validateRequest(operation, { params, query: Object.fromEntries(searchParams), body });
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('on the wire', () => {
  test.each(Object.entries(FLOWS))('%s', async (_, [run, shapes]) => {
    const seen = answering(ANSWERS);
    await run();
    expect(seen).toEqual(shapes);
    expect(seen.flatMap(faultsOf)).toEqual([]);
  });

  test('all operations of the table are above, and nothing else', () => {
    const asked = Object.values(FLOWS).flatMap(([, shapes]) =>
      shapes.map(({ request }) => {
        const [method = '', uri = ''] = request.split(' ');
        return operationOf(method, new URL(uri, API).pathname);
      }),
    );
    expect([...new Set(asked)].sort()).toEqual(Object.keys(OPERATIONS).sort());
  });

  test('a request that the table does not have never leaves', async () => {
    const seen = answering();
    const octokit = createClient(options(), { auth: 'ghs_token' });
    const asked = ['DELETE /repos/acme/trading', `PUT ${IN}/pulls/4/merge`, 'POST /graphql'];
    for (const request of asked)
      await expect(octokit.request(request)).rejects.toThrow('a request that the table of operations');
    await expect(octokit.request('GET https://elsewhere.example/repos/acme/trading')).rejects.toThrow(
      'a request that the table of operations',
    );
    expect(seen).toEqual([]);
  });
});

describe('closed pull requests', () => {
  const branch = 'peak/evidence';
  const repo = { full_name: 'acme/trading', default_branch: 'main', archived: false };
  const at = '2026-11-21T00:00:00Z';
  const closed = (number: number) => ({
    ...{ number, state: 'closed', body: '', merged_at: null, closed_at: at, created_at: at, updated_at: at },
    ...{ html_url: '', labels: [], user: { login: 'peak-publisher[bot]' }, base: { ref: 'main', repo } },
    head: { ref: branch, sha: `${number}`, repo },
  });

  test('of a head that the first page has cost nothing more; all of them, and others, the next page', async () => {
    const page = Array.from({ length: 100 }, (_, i) => closed(i));
    const seen = answering({ listPulls: page });
    const bound = repository();
    const histories = new Map([[branch, await readPullHistory(bound, branch, 'main')]]);
    const web = { server: WHERE.serverUrl, repository: 'acme/trading', prefix: '' };
    const context = { web, remote: REMOTE, defaultBranch: 'main', histories, repository: bound };
    const { since } = githubPulls(web, () => context);
    expect((await since('2026-01-01', '42')).map(({ number }) => number)).toEqual([42]);
    expect(seen).toHaveLength(1);
    nock.cleanAll();
    const more = answering({ listPulls: [closed(100)] });
    expect((await since('2026-01-01', '100')).map(({ number }) => number)).toEqual([100]);
    expect(more).toHaveLength(1);
    expect(await since('2026-01-01')).toHaveLength(101);
  });
});

describe('an answer of 5xx', () => {
  const PARAMETERS = { ...PLACE, ...{ installation_id: 7, basehead: 'a...b', issue_number: 1, org: 'acme' } };
  const MORE = { team_slug: 'risk', username: 'ann', ref: 'heads/a', pull_number: 1, branch: 'main' };
  const LAST = { workflow_id: 'w.yml', check_run_id: 9, comment_id: 8, commit_sha: HEAD };
  const all = { ...PARAMETERS, ...MORE, ...LAST, ruleset_id: 5, environment_name: 'e' };

  test.each(Object.entries(OPERATIONS))(
    'to %s: asked again only where that does no harm',
    async (name, one) => {
      let asked = 0;
      const count = () => {
        asked += 1;
        return [502, {}] as const;
      };
      nock(API).persist().intercept(/.*/, one.method).reply(count);
      const asking = JUDGE_ONLY.has(name as OperationName) ? clientOf(judgeOnTheWire().octokit) : client();
      await expect(asking.call(name as OperationName, all)).rejects.toMatchObject({
        code: one.repeatable ? 'GITHUB_UNREACHABLE' : 'GITHUB_INTERRUPTED',
      });
      expect(asked).toBe(one.repeatable ? 4 : 1);
    },
  );

  test('all reads may be asked again; what moves a branch or opens a pull request may not', () => {
    const once = Object.entries(OPERATIONS).filter(([, { repeatable }]) => !repeatable);
    expect(once.map(([name]) => name)).toEqual([
      'createRef',
      'updateRef',
      'createPull',
      'merge',
      'createComment',
      'createIssue',
    ]);
  });
});

describe('a limit', () => {
  const secondary = { message: 'You have exceeded a secondary rate limit.' };
  const tree = () => client('github').call('createTree', { ...PLACE, tree: [] });
  /** Answers limits in turn, then a tree; tells how many requests came. */
  const limiting = (...limits: readonly [number, object, Record<string, string>][]) => {
    let asked = 0;
    nock(API)
      .persist()
      .post(/.*/)
      .reply(() => {
        const limit = limits[asked];
        asked += 1;
        return limit ?? [201, { sha: TREE }];
      });
    return () => asked;
  };

  test.each([
    ['secondary', [403, secondary, { 'retry-after': '1' }]],
    ['secondary as 429', [429, secondary, { 'retry-after': '1' }]],
    ['primary', [403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }]],
  ] as [string, [number, object, Record<string, string>]][])('%s is waited for', async (kind, limit) => {
    const asked = limiting(limit);
    const start = performance.now();
    expect(await tree()).toEqual({ sha: TREE });
    expect(asked()).toBe(2);
    if (kind !== 'primary') expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });

  test.each([
    ['at once', [[403, secondary, { 'retry-after': '301' }]], 1],
    [
      'in all',
      [
        [403, secondary, { 'retry-after': '1' }],
        [403, secondary, { 'retry-after': '300' }],
      ],
      2,
    ],
    [
      'of the primary kind',
      [[429, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2147000000' }]],
      1,
    ],
  ] as [string, [number, object, Record<string, string>][], number][])(
    'of more than five minutes %s is not',
    async (_, limits, requests) => {
      const asked = limiting(...limits);
      await expect(tree()).rejects.toMatchObject({ code: 'GITHUB_RATE_LIMITED' });
      expect(asked()).toBe(requests);
    },
  );
});
