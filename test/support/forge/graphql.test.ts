/** Row "GraphQL": the same facts as REST's, for the same people. */
import { readFileSync } from 'node:fs';
import { schema, validate } from '@octokit/graphql-schema';
import { describe, expect, test } from 'vitest';
import { cutGraphqlSchema } from '../../../scripts/cut-github-schemas/cut-graphql.ts';
import { QUERIES, SCHEMA_SOURCE } from './graphql/queries.ts';
import type { Client } from './index.ts';
import { type Desk, openPull, postCheck, startDesk } from './testing/desk.ts';

const [QUERY = ''] = QUERIES;

/** Asks about a pull request of the desk's repository. */
async function ask(client: Client, desk: Desk, number: number, more: object = {}) {
  const variables = { owner: 'desk', name: 'config', number, app: desk.judge.id, check: 'peak/governance' };
  // Beside the REST API, whose root the client puts before every path.
  const answer = await desk.forge
    .as(client.token)
    .post('/../graphql', { query: QUERY, variables: { ...variables, ...more } });
  expect(answer.status).toBe(200);
  return answer.body;
}

const commentOf = (client: Client, number: number, body: string) =>
  client.post(`/issues/${number}/comments`, { body });

describe('the part of the schema', () => {
  test('is what GitHub’s own needs for the queries, and they hold against the whole', () => {
    const fixture = readFileSync(new URL('./schema/github.graphql', import.meta.url), 'utf8');
    expect(cutGraphqlSchema(schema.idl, QUERIES, SCHEMA_SOURCE)).toBe(fixture);
    for (const query of QUERIES) expect(validate(query)).toEqual([]);
    expect(validate(QUERY.replace('headRefOid', 'headRefSha'))).not.toEqual([]);
  });
});

describe('a query', () => {
  test('shows a pull request with what belongs to it', async () => {
    const desk = await startDesk();
    const { asJudge, asPublisher, as, ann, bob, repository } = desk;
    const { number, head } = await openPull(desk);
    await as(bob).post(`/pulls/${number}/reviews`, { event: 'APPROVE' });
    await as(bob).post(`/pulls/${number}/reviews`, { body: 'a draft' });
    const { body: first } = await commentOf(as(ann), number, 'one');
    await commentOf(asPublisher, number, 'two');
    await as(ann).patch(`/issues/comments/${first.id}`, { body: 'changed' });
    const posted = { name: 'peak/governance', head_sha: head, status: 'completed', conclusion: 'success' };
    for (const external_id of ['1', '2']) await asJudge.post('/check-runs', { ...posted, external_id });
    await postCheck(asJudge, head, { name: 'another' });
    const { data, errors } = await ask(asJudge, desk, number);
    expect(errors).toBeUndefined();
    expect(data.repository.pullRequest).toMatchObject({
      ...{ number, state: 'OPEN', body: 'why', headRefOid: head, headRefName: 'topic', baseRefName: 'main' },
      baseRef: { target: { oid: repository.refs.get('refs/heads/main') } },
      isCrossRepository: false,
      mergeCommit: null,
      author: { __typename: 'User', login: 'ann', databaseId: ann.id },
      reviews: { nodes: [{ state: 'APPROVED', commit: { oid: head }, author: { login: 'bob' } }] },
      commits: { nodes: [{ commit: { oid: head } }] },
    });
    const { comments, commits } = data.repository.pullRequest;
    expect(comments.nodes).toMatchObject([
      { fullDatabaseId: String(first.id), body: 'changed', lastEditedAt: expect.any(String) },
      { author: { __typename: 'Bot', login: 'peak-publisher' }, body: 'two', lastEditedAt: null },
    ]);
    const [suite] = commits.nodes[0].commit.checkSuites.nodes;
    expect(suite.checkRuns.nodes).toEqual([{ externalId: '2' }]);
    // A draft is its author's only.
    const own = await ask(as(bob), desk, number);
    expect(own.data.repository.pullRequest.reviews.nodes).toMatchObject([
      { state: 'APPROVED' },
      { state: 'PENDING', submittedAt: null },
    ]);
    expect(desk.forge.violations).toEqual([]);
  });

  test('shows a hundred of a list, and goes on behind a cursor', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    for (let i = 0; i < 101; i += 1) await commentOf(desk.as(desk.ann), number, `${i}`);
    const first = (await ask(desk.asJudge, desk, number)).data.repository.pullRequest.comments;
    expect(first.nodes).toHaveLength(100);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const more = { comments: first.pageInfo.endCursor };
    const second = (await ask(desk.asJudge, desk, number, more)).data.repository.pullRequest.comments;
    expect(second.nodes).toMatchObject([{ body: '100' }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test('answers each as far as it may see, and says what it leaves out', async () => {
    const desk = await startDesk();
    const { forge, organization, repository, eve, asJudge } = desk;
    const { number } = await openPull(desk);
    const blind = await forge.createApp({ slug: 'blind', permissions: { pull_requests: 'read' } });
    const token = forge.installationTokenOf(forge.install(blind, organization, [repository]));
    const part = await ask(forge.as(token), desk, number);
    expect(part.data.repository.pullRequest).toMatchObject({ number, baseRef: null });
    expect(part.errors).toMatchObject([
      { type: 'FORBIDDEN', path: ['repository', 'pullRequest', 'baseRef'] },
      { type: 'FORBIDDEN' },
    ]);
    const nobody = { data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'] }] };
    expect(await ask(forge.as(eve), desk, number)).toMatchObject(nobody);
    expect(await ask(asJudge, desk, number, { name: 'other' })).toMatchObject(nobody);
    const none = { type: 'NOT_FOUND', path: ['repository', 'pullRequest'] };
    expect((await ask(asJudge, desk, 99)).errors).toMatchObject([none]);
    for (const credential of [null, 'ghs_unknown', forge.jwtOf(desk.judge)])
      expect((await forge.as(credential).post('/../graphql', { query: QUERY })).status).toBe(401);
  });

  test('of what GitHub does not have is noted', async () => {
    const { forge, asJudge } = await startDesk();
    const query = 'query Wrong { viewer { login } }';
    const { status, body } = await forge.as(asJudge.token).post('/../graphql', { query });
    expect([status, body.data, body.errors.length]).toEqual([200, undefined, 1]);
    expect(forge.violations).toMatchObject([{ of: 'request', what: 'graphql Wrong' }]);
    expect(forge.requests.at(-1)).toMatchObject({ kind: 'graphql', operation: 'Wrong', write: false });
  });
});
