/** Rows "open", "body edit", "head moves" and "files": what a pull request is. */
import { describe, expect, test } from 'vitest';
import { openPull, startDesk } from './testing/desk.ts';

describe('opening', () => {
  test('shows the real head, base and size, and tells the Apps', async () => {
    const desk = await startDesk();
    const { number, head } = await openPull(desk);
    const { body } = await desk.asJudge.get(`/pulls/${number}`);
    expect(body).toMatchObject({
      number: 1,
      state: 'open',
      user: { login: 'ann' },
      head: { ref: 'topic', sha: head, label: 'desk:topic' },
      base: { ref: 'main', sha: desk.repository.refs.get('refs/heads/main') },
      mergeable: true,
      mergeable_state: 'clean',
      commits: 1,
      additions: 1,
      deletions: 1,
      changed_files: 1,
    });
    await desk.forge.webhooks.idle();
    const opened = desk.receiver.received.find(({ action }) => action === 'opened');
    expect(opened).toMatchObject({
      event: 'pull_request',
      isSigned: true,
      payload: { number: 1, sender: { login: 'ann' } },
    });
    expect(opened?.payload.installation.id).toBe(desk.judgeInstallation.id);
    expect(desk.forge.violations).toEqual([]);
  });

  test('422 for a missing head or base, a duplicate, and no commits between', async () => {
    const desk = await startDesk();
    await openPull(desk);
    await desk.forge.push(desk.repository, { author: desk.ann, branch: 'other', files: { x: 'x' } });
    const main = desk.repository.refs.get('refs/heads/main');
    await desk.asPublisher.post('/git/refs', { ref: 'refs/heads/same', sha: main });
    const open = (head: string, base = 'main') => desk.asPublisher.post('/pulls', { title: 't', head, base });
    expect(await open('none')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'head', code: 'invalid' }] },
    });
    expect(await open('other', 'none')).toMatchObject({ status: 422, body: { errors: [{ field: 'base' }] } });
    expect(await open('topic')).toMatchObject({ status: 422, body: { errors: [{ code: 'custom' }] } });
    expect(await open('desk:topic')).toMatchObject({ status: 422 });
    expect(await open('same')).toMatchObject({ status: 422 });
    expect(await open('other')).toMatchObject({ status: 201 });
    expect((await desk.asPublisher.get('/pulls')).body).toHaveLength(2);
    expect((await desk.asPublisher.get('/pulls?head=desk:topic')).body).toHaveLength(1);
  });

  test('an empty repository has nothing to open from, and says 404 and 409 where GitHub does', async () => {
    const { forge, organization, asPublisher } = await startDesk();
    const empty = await forge.createRepository({
      owner: organization,
      name: 'empty',
      defaultBranch: 'trunk',
    });
    const client = forge.as(asPublisher.token).in(empty);
    expect((await client.get('')).body.default_branch).toBe('trunk');
    expect((await client.get('/branches/trunk')).status).toBe(404);
    expect((await client.get('/commits')).status).toBe(409);
    expect((await client.post('/pulls', { title: 't', head: 'x', base: 'trunk' })).status).toBe(422);
  });

  test("a workflow's token may open only where Actions is allowed to", async () => {
    const { forge, repository, ann } = await startDesk();
    await forge.push(repository, { author: ann, branch: 'topic', files: { x: 'x' } });
    const token = await forge.workflowTokenOf(repository, { contents: 'write', pull_requests: 'write' });
    const workflow = forge.as(token).in(repository);
    const pull = { title: 't', head: 'topic', base: 'main' };
    expect(await workflow.post('/pulls', pull)).toMatchObject({ status: 403 });
    repository.actions.mayApprove = true;
    expect(await workflow.post('/pulls', pull)).toMatchObject({
      status: 201,
      body: { user: { login: 'github-actions[bot]', type: 'Bot' } },
    });
  });

  test('a fork may have a branch of the same name; its head is fetched, and moves', async () => {
    const desk = await startDesk({ private: false });
    const { forge, repository, eve, asJudge } = desk;
    const fork = await forge.fork(repository, eve);
    const branch = 'peak/promotion/auto';
    await forge.push(repository, { author: desk.ann, branch, files: { ours: 'x' } });
    const theirs = await forge.push(fork, { author: eve, branch, files: { theirs: 'x' } });
    const stranger = forge.as(eve).in(repository);
    const opened = await stranger.post('/pulls', { title: 't', head: `eve:${branch}`, base: 'main' });
    expect(opened).toMatchObject({
      status: 201,
      body: {
        head: { sha: theirs.commit, label: `eve:${branch}`, repo: { full_name: 'eve/config', fork: true } },
      },
    });
    expect((await asJudge.get(`/pulls?head=desk:${branch}`)).body).toEqual([]);
    expect((await asJudge.get(`/pulls?head=eve:${branch}`)).body).toHaveLength(1);
    const moved = await forge.push(fork, { author: eve, branch, files: { more: 'x' } });
    expect((await asJudge.get('/pulls/1')).body.head.sha).toBe(moved.commit);
    expect(await repository.git.text(['rev-parse', 'refs/pull/1/head'])).toBe(moved.commit);
    expect((await stranger.post('/issues/1/labels', { labels: ['x'] })).status).toBe(403);
    expect(forge.violations).toEqual([]);
  });
});

describe('editing', () => {
  test('says what the body was; nothing when nothing changed', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    await desk.forge.webhooks.idle();
    desk.receiver.received.splice(0);
    expect((await desk.as(desk.ann).patch(`/pulls/${number}`, { body: 'why' })).status).toBe(200);
    expect((await desk.as(desk.ann).patch(`/pulls/${number}`, { body: 'because' })).status).toBe(200);
    await desk.forge.webhooks.idle();
    expect(desk.receiver.received).toMatchObject([
      {
        event: 'pull_request',
        action: 'edited',
        payload: { changes: { body: { from: 'why' } }, pull_request: { body: 'because' } },
      },
    ]);
    expect(desk.forge.violations).toEqual([]);
  });

  test('is for the author and writers', async () => {
    const desk = await startDesk({ private: false });
    const { number } = await openPull(desk);
    expect((await desk.as(desk.eve).patch(`/pulls/${number}`, { body: 'x' })).status).toBe(403);
    expect((await desk.as(desk.bob).patch(`/pulls/${number}`, { body: 'x' })).status).toBe(200);
  });

  test('a body longer than GitHub takes is 422', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    const body = 'x'.repeat(65_537);
    expect((await desk.asPublisher.patch(`/pulls/${number}`, { body })).status).toBe(422);
    expect((await desk.asPublisher.post(`/issues/${number}/comments`, { body })).status).toBe(422);
  });

  test('a change of base is an edit that names the old one', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    const main = desk.repository.refs.get('refs/heads/main');
    await desk.asPublisher.post('/git/refs', { ref: 'refs/heads/release', sha: main });
    const { body } = await desk.asPublisher.patch(`/pulls/${number}`, { base: 'release' });
    expect(body.base.ref).toBe('release');
    await desk.forge.webhooks.idle();
    const edited = desk.receiver.received.find(({ action }) => action === 'edited');
    expect(edited?.payload.changes).toEqual({ base: { ref: { from: 'main' }, sha: { from: main } } });
    expect(desk.forge.violations).toEqual([]);
  });

  test('closing says by whom; reopening is one event', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    await desk.as(desk.bob).patch(`/pulls/${number}`, { state: 'closed' });
    expect((await desk.asPublisher.get(`/issues/${number}`)).body).toMatchObject({
      state: 'closed',
      closed_by: { login: 'bob' },
    });
    const events = await desk.asPublisher.get(`/issues/${number}/events`);
    expect(events.body).toMatchObject([{ event: 'closed', actor: { login: 'bob' } }]);
    expect((await desk.as(desk.bob).patch(`/pulls/${number}`, { state: 'open' })).body.state).toBe('open');
    await desk.forge.webhooks.idle();
    expect(desk.receiver.names()).toEqual(
      expect.arrayContaining(['pull_request.closed', 'pull_request.reopened']),
    );
    expect(desk.forge.violations).toEqual([]);
  });
});

describe('reopening', () => {
  test('takes up what was pushed meanwhile, and refuses a replaced, deleted or taken head', async () => {
    const desk = await startDesk();
    const { forge, repository, ann } = desk;
    const { number, head } = await openPull(desk);
    const set = (state: string) => desk.as(ann).patch(`/pulls/${number}`, { state });
    await set('closed');
    const moved = await forge.push(repository, { author: ann, branch: 'topic', files: { x: 'x' } });
    expect((await desk.asJudge.get(`/pulls/${number}`)).body.head.sha).toBe(head);
    expect((await set('open')).body.head.sha).toBe(moved.commit);
    await set('closed');
    const again = await desk.as(ann).post('/pulls', { title: 't', head: 'topic', base: 'main' });
    expect((await set('open')).status).toBe(422);
    await desk.as(ann).patch(`/pulls/${again.body.number}`, { state: 'closed' });
    await forge.push(repository, {
      author: ann,
      branch: 'topic',
      from: 'main',
      force: true,
      files: { y: 'y' },
    });
    expect((await set('open')).status).toBe(422);
    await desk.as(ann).delete('/git/refs/heads/topic');
    expect((await set('open')).status).toBe(422);
  });
});

describe('a head that moves', () => {
  test.each(['push', 'REST'])(
    'by %s sends push, synchronize and a check suite, and moves the pull request',
    async (how) => {
      const desk = await startDesk();
      const { forge, repository, ann } = desk;
      const { number, head } = await openPull(desk);
      await forge.webhooks.idle();
      desk.receiver.received.splice(0);
      const pushed = await forge.push(repository, {
        author: ann,
        branch: how === 'push' ? 'topic' : 'elsewhere',
        from: 'topic',
        files: { x: 'x' },
      });
      if (how === 'REST') await desk.as(ann).patch('/git/refs/heads/topic', { sha: pushed.commit });
      await forge.webhooks.idle();
      expect((await desk.asJudge.get(`/pulls/${number}`)).body).toMatchObject({
        head: { sha: pushed.commit },
        commits: 2,
      });
      const synchronize = desk.receiver.received.find(({ action }) => action === 'synchronize');
      expect(synchronize?.payload).toMatchObject({ before: head, after: pushed.commit, number });
      const push = desk.receiver.received.find(
        ({ event, payload }) => event === 'push' && payload.ref === 'refs/heads/topic',
      );
      expect(push?.payload).toMatchObject({
        before: head,
        after: pushed.commit,
        forced: false,
        pusher: { name: 'ann' },
      });
      const suite = desk.receiver.received.find(({ event }) => event === 'check_suite');
      expect(suite?.payload).toMatchObject({ action: 'requested', check_suite: { head_sha: pushed.commit } });
      expect(forge.violations).toEqual([]);
    },
  );

  test('a deleted head closes the pull request', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    expect((await desk.as(desk.ann).delete('/git/refs/heads/topic')).status).toBe(204);
    expect((await desk.asJudge.get(`/pulls/${number}`)).body).toMatchObject({
      state: 'closed',
      merged: false,
    });
  });

  test('a head that was forced into its base closes the pull request', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    const sha = desk.repository.refs.get('refs/heads/main');
    expect((await desk.as(desk.ann).patch('/git/refs/heads/topic', { sha, force: true })).status).toBe(200);
    expect((await desk.asJudge.get(`/pulls/${number}`)).body).toMatchObject({
      state: 'closed',
      merged: false,
    });
  });

  test('files are the real difference, renames detected, cut to pages', async () => {
    const desk = await startDesk();
    const files = { 'dir/b.txt': null, 'dir/c.txt': 'b\n', 'bin.dat': '\0\x01' };
    const { number } = await openPull(desk, { files });
    const { body, headers } = await desk.asJudge.get(`/pulls/${number}/files?per_page=1`);
    expect(body).toMatchObject([{ filename: 'bin.dat', status: 'added', additions: 0 }]);
    expect(body[0]).not.toHaveProperty('patch');
    expect(headers.get('link')).toContain('rel="next"');
    const second = await desk.asJudge.get(`/pulls/${number}/files?per_page=1&page=2`);
    expect(second.body).toMatchObject([
      { status: 'renamed', filename: 'dir/c.txt', previous_filename: 'dir/b.txt' },
    ]);
    const commits = await desk.asJudge.get(`/pulls/${number}/commits`);
    expect(commits.body).toMatchObject([{ author: { login: 'ann' } }]);
    expect(desk.forge.violations).toEqual([]);
  });
});

describe('what issues and pull requests share', () => {
  test('labels, reviewers, comments and reactions', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    const { asPublisher, forge } = desk;
    expect(
      (await asPublisher.post(`/issues/${number}/labels`, { labels: ['promotion: proposed'] })).body,
    ).toHaveLength(1);
    expect((await asPublisher.put(`/issues/${number}/labels`, { labels: ['risk: low'] })).body).toMatchObject(
      [{ name: 'risk: low' }],
    );
    expect((await asPublisher.delete(`/issues/${number}/labels/risk%3A%20low`)).body).toEqual([]);
    expect((await asPublisher.post('/labels', { name: 'risk: low', color: 'ff0000' })).status).toBe(422);
    expect(
      (await asPublisher.post(`/pulls/${number}/requested_reviewers`, { reviewers: ['bob'] })).body
        .requested_reviewers,
    ).toMatchObject([{ login: 'bob' }]);
    expect(
      (await asPublisher.post(`/pulls/${number}/requested_reviewers`, { reviewers: ['ann'] })).status,
    ).toBe(422);
    expect(
      (await asPublisher.post(`/pulls/${number}/requested_reviewers`, { reviewers: ['eve'] })).status,
    ).toBe(422);
    const comment = await desk.as(desk.bob).post(`/issues/${number}/comments`, { body: '/peak recheck' });
    expect(
      (await desk.as(desk.bob).patch(`/issues/comments/${comment.body.id}`, { body: '/peak hold' })).status,
    ).toBe(200);
    expect(
      (await desk.as(desk.ann).post(`/issues/comments/${comment.body.id}/reactions`, { content: 'eyes' }))
        .status,
    ).toBe(201);
    expect(
      (await desk.as(desk.ann).post(`/issues/comments/${comment.body.id}/reactions`, { content: 'eyes' }))
        .status,
    ).toBe(200);
    expect((await asPublisher.get(`/issues/${number}/comments`)).body).toMatchObject([
      { body: '/peak hold', reactions: { eyes: 1 } },
    ]);
    await forge.webhooks.idle();
    expect(desk.receiver.names()).toEqual(
      expect.arrayContaining(['issue_comment.created', 'issue_comment.edited', 'pull_request.labeled']),
    );
    expect(forge.violations).toEqual([]);
  });

  test('an issue is opened, updated and closed', async () => {
    const desk = await startDesk();
    const { asJudge, forge } = desk;
    const made = await asJudge.post('/issues', { title: 'unexplained change', body: 'b', labels: ['audit'] });
    expect(made).toMatchObject({
      status: 201,
      body: {
        number: 1,
        user: { login: 'peak-judge[bot]' },
        performed_via_github_app: { slug: 'peak-judge' },
      },
    });
    await asJudge.patch('/issues/1', { body: 'more' });
    await asJudge.patch('/issues/1', { state: 'closed', state_reason: 'completed' });
    expect((await asJudge.get('/issues?state=all&labels=audit')).body).toMatchObject([
      { state: 'closed', body: 'more' },
    ]);
    await forge.webhooks.idle();
    expect(desk.receiver.names()).toEqual(
      expect.arrayContaining(['issues.opened', 'issues.edited', 'issues.closed']),
    );
    expect(forge.violations).toEqual([]);
  });
});
