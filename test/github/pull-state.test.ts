/** What the judge reads of a pull request in one request: from a local GitHub, and from answers that one must not decide on. */
import nock from 'nock';
import { ProbotOctokit } from 'probot';
import { afterEach, describe, expect, test } from 'vitest';
import { judgePorts } from '../../src/adapters/github/judge/judge-ports.ts';
import { type Desk, openPull, startDesk } from '../support/forge/testing/desk.ts';
import { judgeOnTheWire } from '../support/github/judge-flows.ts';
import { API, BASE, HEAD } from '../support/github/wire.ts';

/** The judge's own way to a local GitHub. */
function readerOf({ forge, asJudge, judge }: Desk) {
  const Client = ProbotOctokit.defaults((usual: object) => ({
    ...usual,
    throttle: { enabled: false },
    retry: { enabled: false },
  })) as typeof ProbotOctokit;
  const octokit = new Client({ baseUrl: forge.apiUrl, auth: { token: asJudge.token } });
  const identities = { judge: judge.bot, judgeAppId: judge.id, publisher: null };
  return judgePorts(octokit, { owner: 'desk', repo: 'config' }, { identities, onCall: () => undefined })
    .pulls;
}

describe('read', () => {
  test('answers what REST shows, with names as REST writes them', async () => {
    const desk = await startDesk({ private: false });
    const { asJudge, asPublisher, as, ann, bob, eve, repository } = desk;
    const { number, head } = await openPull(desk);
    await as(bob).post(`/pulls/${number}/reviews`, { event: 'REQUEST_CHANGES', body: 'no' });
    await as(bob).post(`/pulls/${number}/reviews`, { body: 'a draft' });
    await asJudge.post(`/pulls/${number}/reviews`, { event: 'COMMENT', body: 'a bot' });
    const { body: comment } = await asPublisher.post(`/issues/${number}/comments`, { body: 'said' });
    await asPublisher.patch(`/issues/comments/${comment.id}`, { body: 'said otherwise' });
    const run = { name: 'peak/governance', head_sha: head, status: 'in_progress' };
    for (const external_id of ['2', '1', '3']) await asJudge.post('/check-runs', { ...run, external_id });
    const state = await readerOf(desk).read(number);
    const [seen] = (await asJudge.get(`/pulls/${number}/reviews`)).body;
    expect(state).toEqual({
      pull: {
        ...{ number, isOpen: true, body: 'why', author: { id: ann.id, login: 'ann', isUser: true } },
        head: { sha: head, branch: 'topic', repositoryId: repository.id },
        base: { branch: 'main', repositoryId: repository.id },
        mergedAs: null,
      },
      reviews: [
        {
          ...{ reviewer: { id: bob.id, login: 'bob' }, isUser: true, state: 'CHANGES_REQUESTED' },
          ...{ commit: head, at: Date.parse(seen.submitted_at) },
        },
        expect.objectContaining({
          reviewer: { id: desk.judge.bot.id, login: 'peak-judge[bot]' },
          isUser: false,
        }),
      ],
      comments: [
        {
          id: comment.id,
          author: { id: desk.publisher.bot.id, login: 'peak-publisher[bot]', isUser: false },
          body: 'said otherwise',
          at: Date.parse(comment.created_at),
          isEdited: true,
        },
      ],
      closings: [],
      latestRun: { stamp: '3' },
      baseTip: repository.refs.get('refs/heads/main'),
      merges: { commits: new Set(), since: 0 },
    });
    expect(await readerOf(desk).read(99)).toBeNull();
    const fork = await desk.forge.fork(repository, eve);
    await desk.forge.push(fork, { author: eve, branch: 'far', files: { 'x.txt': 'x' } });
    const far = await as(eve).post('/pulls', { title: 'f', head: 'eve:far', base: 'main' });
    const { pull } = (await readerOf(desk).read(far.body.number)) ?? {};
    expect(pull?.head).toMatchObject({ branch: 'far', repositoryId: null });
    expect(desk.forge.violations).toEqual([]);
  });

  test('goes on through pages of both lists', async () => {
    const desk = await startDesk();
    const { as, ann, bob, forge } = desk;
    const { number } = await openPull(desk);
    for (let i = 0; i < 101; i += 1)
      await as(bob).post(`/pulls/${number}/reviews`, { event: 'COMMENT', body: `${i}` });
    for (let i = 0; i < 201; i += 1) await as(ann).post(`/issues/${number}/comments`, { body: `${i}` });
    const before = forge.requests.length;
    const state = await readerOf(desk).read(number);
    expect(state?.comments.map(({ body }) => Number(body))).toEqual(Array.from({ length: 201 }, (_, i) => i));
    expect(state?.reviews).toHaveLength(101);
    expect(forge.requests.slice(before).map(({ operation }) => operation)).toEqual(
      Array(3).fill('PullState'),
    );
  }, 60_000);

  test('rejects as REST did when a permission is missing', async () => {
    const desk = await startDesk();
    const { forge, organization, repository } = desk;
    const { number } = await openPull(desk);
    const blind = await forge.createApp({ slug: 'blind', permissions: { pull_requests: 'read' } });
    const token = forge.installationTokenOf(forge.install(blind, organization, [repository]));
    const reader = readerOf({ ...desk, asJudge: forge.as(token) });
    await expect(reader.read(number)).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
    await expect(readerOf({ ...desk, asJudge: forge.as('ghs_gone') }).read(number)).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
    });
  });
});

const AT = '2026-11-21T22:26:40Z';
const NOTHING = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
const ANN = { __typename: 'User', login: 'ann', databaseId: 1 };
const SUITES = {
  nodes: [
    {
      checkRuns: {
        nodes: [{ externalId: '1' }, { externalId: '2' }],
        pageInfo: { hasNextPage: false },
      },
    },
  ],
  pageInfo: { hasNextPage: false },
};

/** A pull request as GraphQL shows it. */
function shown(overrides: object = {}) {
  return {
    ...{ number: 4, state: 'OPEN', body: '', author: ANN, isCrossRepository: false, headRefOid: HEAD },
    ...{ headRefName: 'b', baseRefName: 'main', baseRef: { target: { oid: BASE } }, mergeCommit: null },
    ...{ reviews: NOTHING, comments: NOTHING, timelineItems: NOTHING },
    commits: { nodes: [{ commit: { oid: HEAD, checkSuites: SUITES } }] },
    ...overrides,
  };
}

const answer = (pullRequest: unknown, pullRequests: unknown = NOTHING) => ({
  data: { repository: { databaseId: 1, pullRequests, pullRequest } },
});
const page = (node: unknown) => ({ nodes: [node], pageInfo: { hasNextPage: false, endCursor: 'x' } });
const comment = (overrides: object) => ({
  ...{ fullDatabaseId: '3000000000', author: ANN, body: '', createdAt: AT, lastEditedAt: null },
  ...overrides,
});

const MERGES = {
  nodes: [
    { updatedAt: '2026-11-21T22:00:00Z', mergeCommit: { oid: 'aa' } },
    { updatedAt: AT, mergeCommit: null },
  ],
  pageInfo: { hasNextPage: true },
};

/** Reads pull request 4 where GitHub answers this; tells how often it was asked. */
async function readWhen(body: object, { headers = {}, status = 200 } = {}) {
  let asked = 0;
  nock(API)
    .persist()
    .post('/graphql')
    .reply(() => {
      asked += 1;
      return [status, body, headers];
    });
  const found = await judgeOnTheWire()
    .pulls.read(4)
    .catch((error: { code?: string }) => error.code ?? error);
  return { found, asked };
}

afterEach(() => nock.cleanAll());

describe('merges of the repository', () => {
  test.each([
    [true, Date.parse(AT)],
    [false, 0],
  ])(
    'are all that came later than the last one shown, where there are more: %s',
    async (hasNextPage, since) => {
      const { found } = await readWhen(answer(shown(), { ...MERGES, pageInfo: { hasNextPage } }));
      expect(found).toMatchObject({ merges: { commits: new Set(['aa']), since } });
    },
  );

  test.each([[null], [{ ...MERGES, nodes: null }], [{ ...MERGES, nodes: [null] }]])(
    'that are not shown make the answer none: %j',
    async (merges) => {
      expect((await readWhen(answer(shown(), merges))).found).toBe('GITHUB_UNREACHABLE');
    },
  );
});

describe('an answer that says no', () => {
  const error = (type: string | undefined, path: readonly string[] = ['repository', 'pullRequest']) => ({
    ...(type === undefined ? {} : { type }),
    path,
    message: 'no',
  });
  const missing = error('NOT_FOUND');
  const empty = answer(null).data;

  test.each([
    ['no such pull request', { data: empty, errors: [missing] }, null],
    [
      'no such repository',
      { data: { repository: null }, errors: [error('NOT_FOUND', ['repository'])] },
      'GITHUB_REFUSED',
    ],
    ['not allowed', { data: null, errors: [error('FORBIDDEN')] }, 'GITHUB_REFUSED'],
    ['of a type of its own', { data: null, errors: [error('MAX_NODE_LIMIT_EXCEEDED')] }, 'GITHUB_REFUSED'],
    [
      'unknown to its schema',
      { errors: [{ message: 'no', extensions: { code: 'undefinedField' } }] },
      'GITHUB_REFUSED',
    ],
    ['limit', { data: null, errors: [error('RATE_LIMITED')] }, 'GITHUB_RATE_LIMITED'],
    ['limit beside another', { data: null, errors: [missing, error('RATE_LIMITED')] }, 'GITHUB_RATE_LIMITED'],
    ['its own failure', { data: null, errors: [error(undefined)] }, 'GITHUB_UNREACHABLE'],
    ['nothing', { data: empty }, 'GITHUB_UNREACHABLE'],
    ['no repository', { data: { repository: null } }, 'GITHUB_UNREACHABLE'],
    ['no data', {}, 'GITHUB_UNREACHABLE'],
    [
      'everything, and an error beside it',
      { ...answer(shown()), errors: [error('FORBIDDEN', ['x'])] },
      'GITHUB_REFUSED',
    ],
    [
      'everything, and a missing thing inside',
      { ...answer(shown()), errors: [missing, missing] },
      'GITHUB_REFUSED',
    ],
  ])('%s', async (_, body, expected) => {
    expect((await readWhen(body)).found).toBe(expected);
  });

  test('with a secondary limit, which has status 200 and no errors', async () => {
    const { found } = await readWhen({ message: 'secondary' }, { headers: { 'retry-after': '60' } });
    expect(found).toBe('GITHUB_RATE_LIMITED');
  });

  test('after a timeout of its own is asked again', async () => {
    const timeout = { errors: [{ message: 'Something went wrong while executing your query.' }] };
    expect(await readWhen(timeout)).toEqual({ found: 'GITHUB_UNREACHABLE', asked: 4 });
  });
});

describe('an answer in part', () => {
  test.each([
    ['a review that may not be seen', { reviews: page(null) }],
    ['no list of reviews', { reviews: null }],
    ['a comment that may not be seen', { comments: page(null) }],
    ['a comment without a number', { comments: page(comment({ fullDatabaseId: null })) }],
    ['a closing that may not be seen', { timelineItems: page(null) }],
    ['a person without a number', { comments: page(comment({ author: { ...ANN, databaseId: null } })) }],
    [
      'a page that leads nowhere',
      { comments: { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } } },
    ],
  ])('is none: %s', async (_, overrides) => {
    expect((await readWhen(answer(shown(overrides)))).found).toBe('GITHUB_UNREACHABLE');
  });

  test('a page that leads to itself does not go on for ever', async () => {
    const comments = { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'x' } };
    expect(await readWhen(answer(shown({ comments })))).toEqual({ found: 'GITHUB_UNREACHABLE', asked: 2 });
  });
});

describe('people and numbers', () => {
  test.each([
    ['one who is gone', null, { id: 0, login: 'ghost', isUser: false }],
    [
      'one of an enterprise',
      { __typename: 'EnterpriseUserAccount', login: 'e' },
      { id: 0, login: 'ghost', isUser: false },
    ],
    ['a person', ANN, { id: 1, login: 'ann', isUser: true }],
    ['a bot', { __typename: 'Bot', login: 'ci', databaseId: 2 }, { id: 2, login: 'ci[bot]', isUser: false }],
    [
      'a bot in full',
      { __typename: 'Bot', login: 'ci[bot]', databaseId: 2 },
      { id: 2, login: 'ci[bot]', isUser: false },
    ],
    [
      'a mannequin',
      { __typename: 'Mannequin', login: 'm', databaseId: 5 },
      { id: 5, login: 'm', isUser: false },
    ],
    [
      'an organization',
      { __typename: 'Organization', login: 'o', databaseId: 6 },
      { id: 6, login: 'o', isUser: false },
    ],
  ])('%s', async (_, author, expected) => {
    const { found } = await readWhen(answer(shown({ comments: page(comment({ author })) })));
    expect(found).toMatchObject({ comments: [{ id: 3_000_000_000, author: expected, isEdited: false }] });
  });

  test.each([
    ['OPEN', null, { isOpen: true, mergedAs: null }],
    ['CLOSED', { oid: BASE }, { isOpen: false, mergedAs: null }],
    ['MERGED', { oid: BASE }, { isOpen: false, mergedAs: BASE }],
  ])('%s', async (state, mergeCommit, expected) => {
    const { found } = await readWhen(answer(shown({ state, mergeCommit })));
    expect(found).toMatchObject({ pull: expected });
  });

  test('a base that is gone has no tip', async () => {
    expect((await readWhen(answer(shown({ baseRef: null })))).found).toMatchObject({ baseTip: null });
  });
});

describe('the latest run of ours', () => {
  const few = (nodes: unknown[] | null, hasNextPage = false) => ({ nodes, pageInfo: { hasNextPage } });
  const on = (checkSuites: unknown, oid = HEAD) => ({
    commits: { nodes: [{ commit: { oid, checkSuites } }] },
  });
  const run = (...stamps: readonly (string | null)[]) => ({
    checkRuns: few(stamps.map((externalId) => ({ externalId }))),
  });

  test.each([
    ['none', on(few([])), null],
    ['the latest stamp, in whatever order', on(few([run('2'), run('3', '1')])), { stamp: '3' }],
    ['one without a stamp', on(few([run(null)])), { stamp: '' }],
  ])('%s', async (_, overrides, latestRun) => {
    expect((await readWhen(answer(shown(overrides)))).found).toMatchObject({ latestRun });
  });

  test.each([
    ['the last commit is not the head', on(few([run('1')]), BASE)],
    ['no commit is shown', { commits: { nodes: [] } }],
    ['suites are not shown', on(null)],
    ['there are more suites', on(few([run('1')], true))],
    ['a suite is not shown', on(few([null]))],
    ['there are more runs', on(few([{ checkRuns: few([], true) }]))],
  ])('is asked of REST when %s', async (_, overrides) => {
    nock(API)
      .get(`/repos/acme/trading/commits/${HEAD}/check-runs`)
      .query(true)
      .reply(200, { check_runs: [{ external_id: '9' }] });
    const { found } = await readWhen(answer(shown(overrides)));
    expect(found).toMatchObject({ latestRun: { stamp: '9' } });
  });
});
