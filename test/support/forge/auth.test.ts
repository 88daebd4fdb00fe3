/** Row "auth": who is let in, and to what. */
import { describe, expect, test } from 'vitest';
import { NOW, startDesk } from './testing/desk.ts';

describe('an App', () => {
  test('proves itself by a JWT, and gets a token for a part of what it may', async () => {
    const desk = await startDesk();
    const { forge, judge, repository, judgeInstallation } = desk;
    const app = forge.as(forge.jwtOf(judge));
    expect((await app.get('/app')).body).toMatchObject({ slug: 'peak-judge', id: judge.id });
    expect((await app.get('/app/installations')).body).toMatchObject([
      { id: judgeInstallation.id, repository_selection: 'selected' },
    ]);
    const found = await app.get('/repos/desk/config/installation');
    expect(found.body.id).toBe(judgeInstallation.id);
    const made = await app.post(`/app/installations/${found.body.id}/access_tokens`, {
      permissions: { contents: 'read' },
      repositories: ['config'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        expires_at: '2026-11-21T23:26:40Z',
        permissions: { contents: 'read' },
        repositories: [{ name: 'config' }],
      },
    });
    const reader = forge.as(made.body.token).in(repository);
    expect((await reader.get('/git/ref/heads/main')).status).toBe(200);
    expect((await reader.post('/git/blobs', { content: 'x' })).status).toBe(403);
    expect((await reader.get('/pulls')).status).toBe(403);
    expect((await forge.as(made.body.token).get('/installation/repositories')).body.total_count).toBe(1);
    expect(forge.violations).toEqual([]);
  });

  test.each([
    ['expired', -1],
    ['valid for more than ten minutes', 700],
  ])('a JWT that is %s is 401', async (_name, seconds) => {
    const { forge, judge } = await startDesk();
    expect((await forge.as(forge.jwtOf(judge, seconds)).get('/app')).status).toBe(401);
  });

  test('a JWT signed by another key is 401, of an unknown App 404', async () => {
    const { forge, judge, publisher } = await startDesk();
    const [head, payload] = forge.jwtOf(judge).split('.');
    const signature = forge.jwtOf(publisher).split('.')[2];
    expect((await forge.as(`${head}.${payload}.${signature}`).get('/app')).status).toBe(401);
    expect((await forge.as(forge.jwtOf({ ...judge, id: 1 })).get('/app')).status).toBe(404);
  });

  test('cannot ask for more than it was given, nor for foreign repositories', async () => {
    const { forge, judge, judgeInstallation, organization, eve } = await startDesk();
    await forge.createRepository({ owner: organization, name: 'other', files: { x: 'x' } });
    await forge.createRepository({ owner: eve, name: 'hers', files: { x: 'x' } });
    const app = forge.as(forge.jwtOf(judge));
    const ask = (body: object) => app.post(`/app/installations/${judgeInstallation.id}/access_tokens`, body);
    expect((await ask({ permissions: { workflows: 'write' } })).status).toBe(422);
    expect((await ask({ repositories: ['other'] })).status).toBe(422);
    expect((await app.get('/repos/desk/other/installation')).status).toBe(404);
    const token = forge.as((await ask({})).body.token);
    expect((await token.get('/repos/desk/other')).status).toBe(404);
    expect((await token.get('/repos/eve/hers')).status).toBe(404);
  });

  test('a suspended installation gets nothing', async () => {
    const { forge, judge, judgeInstallation, asJudge } = await startDesk();
    judgeInstallation.suspendedAt = NOW;
    expect((await asJudge.get('')).status).toBe(403);
    const app = forge.as(forge.jwtOf(judge));
    expect((await app.post(`/app/installations/${judgeInstallation.id}/access_tokens`)).status).toBe(403);
  });
});

describe('a token', () => {
  test('401 when unknown or expired, on git, too', async () => {
    let now = NOW;
    const { forge, asJudge, repository } = await startDesk({ clock: () => now });
    expect((await forge.as('ghs_unknown').get('/repos/desk/config')).status).toBe(401);
    expect((await asJudge.get('')).status).toBe(200);
    now += 3_600_000;
    expect((await asJudge.get('')).status).toBe(401);
    const pushed = await forge.push(repository, { author: forge.createUser('x'), branch: 'x' }, asJudge);
    expect(pushed.ok).toBe(false);
  });

  test('404 on a private repository for outsiders, 401 for nobody who writes', async () => {
    const { forge, as, eve, repository } = await startDesk();
    expect((await as(eve).get('')).status).toBe(404);
    expect((await forge.as(null).in(repository).get('/pulls')).status).toBe(404);
    repository.private = false;
    expect((await as(eve).get('')).status).toBe(200);
    expect((await as(eve).post('/git/blobs', { content: 'x' })).status).toBe(403);
    expect((await forge.as(null).in(repository).post('/git/blobs', { content: 'x' })).status).toBe(401);
  });

  test('an archived repository is read-only', async () => {
    const { asPublisher, repository } = await startDesk();
    repository.archived = true;
    expect((await asPublisher.get('')).body.archived).toBe(true);
    expect((await asPublisher.post('/git/blobs', { content: 'x' })).status).toBe(403);
  });
});

describe('a renamed repository', () => {
  test('redirects reads by 301 and writes by 307, to a path by id', async () => {
    const { forge, as, organization, repository, asPublisher } = await startDesk();
    await as(organization).patch('', { name: 'settings' });
    const url = `${forge.apiUrl}/repos/desk/config`;
    const headers = { authorization: `Bearer ${asPublisher.token}` };
    const read = await fetch(url, { headers, redirect: 'manual' });
    expect(read.status).toBe(301);
    expect(read.headers.get('location')).toBe(`${forge.apiUrl}/repositories/${repository.id}`);
    expect(await (await fetch(url, { headers })).json()).toMatchObject({ full_name: 'desk/settings' });
    const write = await fetch(`${url}/git/blobs`, {
      method: 'POST',
      headers,
      body: '{"content":"x"}',
      redirect: 'manual',
    });
    expect(write.status).toBe(307);
  });
});

describe('people', () => {
  test('are found by login and id; roles and memberships are told', async () => {
    const desk = await startDesk();
    const { forge, organization, ann, eve, asJudge, asPublisher } = desk;
    const team = forge.createTeam(organization, 'risk', [ann]);
    team.members.set(eve.id, 'pending');
    const app = forge.as(asJudge.token);
    expect((await app.get('/users/ann')).body.id).toBe(ann.id);
    expect((await app.get(`/user/${ann.id}`)).body.login).toBe('ann');
    expect((await app.get(`/users/${encodeURIComponent('peak-judge[bot]')}`)).body.type).toBe('Bot');
    expect((await app.get('/users/nobody')).status).toBe(404);
    expect((await asJudge.get('/collaborators/ann/permission')).body).toMatchObject({
      permission: 'write',
      role_name: 'write',
    });
    expect((await asJudge.get('/collaborators/eve/permission')).body.permission).toBe('none');
    const membership = (login: string) => app.get(`/orgs/desk/teams/risk/memberships/${login}`);
    expect((await membership('ann')).body.state).toBe('active');
    expect((await membership('eve')).body.state).toBe('pending');
    expect((await membership('bob')).status).toBe(404);
    expect((await app.get('/orgs/desk/teams/risk')).body.members_count).toBe(2);
    expect((await app.get('/orgs/desk/teams/risk/members')).body).toMatchObject([{ login: 'ann' }]);
    expect((await app.get('/orgs/desk/memberships/ann')).body.state).toBe('active');
    expect((await app.get('/orgs/desk/members/ann')).status).toBe(204);
    expect((await app.get('/orgs/desk/members/eve')).status).toBe(404);
    expect((await forge.as(asPublisher.token).get('/orgs/desk/teams/risk')).status).toBe(403);
    expect((await forge.as(ann).get('/user')).body.login).toBe('ann');
    expect((await app.get('/user')).status).toBe(403);
    expect(forge.violations).toEqual([]);
  });
});

describe('settings', () => {
  test('that doctor reads: merge methods, Actions, environments, names of secrets', async () => {
    const { forge, repository, as, organization, asJudge } = await startDesk();
    repository.secrets = ['PRIVATE_KEY'];
    forge.addEnvironment(repository, { name: 'publish', secrets: ['APP_KEY'], branches: ['main'] });
    forge.addEnvironment(repository, { name: 'open' });
    const owner = as(organization);
    expect((await owner.get('')).body).toMatchObject({
      allow_rebase_merge: true,
      delete_branch_on_merge: false,
    });
    expect((await owner.get('/actions/permissions')).body.enabled).toBe(true);
    expect((await owner.get('/actions/permissions/workflow')).body).toEqual({
      default_workflow_permissions: 'read',
      can_approve_pull_request_reviews: false,
    });
    expect((await owner.get('/actions/secrets')).body).toMatchObject({
      total_count: 1,
      secrets: [{ name: 'PRIVATE_KEY' }],
    });
    expect((await owner.get('/environments')).body.environments).toMatchObject([
      {
        name: 'publish',
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
      { name: 'open', deployment_branch_policy: null },
    ]);
    const policies = await owner.get('/environments/publish/deployment-branch-policies');
    expect(policies.body.branch_policies).toMatchObject([{ name: 'main' }]);
    expect((await owner.get('/environments/publish/secrets')).body.secrets).toMatchObject([
      { name: 'APP_KEY' },
    ]);
    expect((await owner.get('/environments/none/secrets')).status).toBe(404);
    expect((await asJudge.get('/actions/secrets')).status).toBe(403);
    expect(forge.violations).toEqual([]);
  });
});
