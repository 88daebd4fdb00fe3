/** Rows "reviews", "checks", "protection" and "merge": who may merge what, and what a merge does. */
import { describe, expect, test } from 'vitest';
import type { NewRuleset } from './index.ts';
import { type Desk, openPull, postCheck, startDesk } from './testing/desk.ts';

const GOVERNED = 'peak/governance';

function requiredCheck(app: number | null, strict = true): NewRuleset['rules'][number] {
  const check = app === null ? { context: GOVERNED } : { context: GOVERNED, integration_id: app };
  return {
    type: 'required_status_checks',
    parameters: { strict_required_status_checks_policy: strict, required_status_checks: [check] },
  };
}

function approve({ as }: Desk, who: Desk['ann'], number: number): ReturnType<ReturnType<Desk['as']>['post']> {
  return as(who).post(`/pulls/${number}/reviews`, { event: 'APPROVE' });
}

describe('reviews', () => {
  test('are upper case in REST, lower case in webhooks; the latest of a person counts', async () => {
    const desk = await startDesk();
    desk.forge.addRuleset(desk.repository, {
      rules: [{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }],
    });
    const { number, head } = await openPull(desk);
    expect((await approve(desk, desk.bob, number)).body).toMatchObject({
      state: 'APPROVED',
      commit_id: head,
      user: { login: 'bob' },
    });
    expect((await desk.asJudge.get(`/pulls/${number}`)).body.mergeable_state).toBe('clean');
    await desk.as(desk.bob).post(`/pulls/${number}/reviews`, { event: 'REQUEST_CHANGES', body: 'no' });
    expect((await desk.asJudge.get(`/pulls/${number}`)).body.mergeable_state).toBe('blocked');
    const listed = await desk.asJudge.get(`/pulls/${number}/reviews`);
    expect(listed.body.map(({ state }: { state: string }) => state)).toEqual([
      'APPROVED',
      'CHANGES_REQUESTED',
    ]);
    await desk.forge.webhooks.idle();
    const states = desk.receiver.received
      .filter(({ event }) => event === 'pull_request_review')
      .map(({ payload }) => payload.review.state);
    expect(states).toEqual(['approved', 'changes_requested']);
    expect(desk.forge.violations).toEqual([]);
  });

  test('nobody approves their own, strangers do not count', async () => {
    const desk = await startDesk({ private: false });
    desk.forge.addRuleset(desk.repository, {
      rules: [{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }],
    });
    const { number } = await openPull(desk);
    expect((await approve(desk, desk.ann, number)).status).toBe(422);
    expect((await approve(desk, desk.eve, number)).status).toBe(200);
    expect((await desk.asJudge.put(`/pulls/${number}/merge`, {})).status).toBe(405);
    expect((await approve(desk, desk.bob, number)).status).toBe(200);
    expect((await desk.asJudge.put(`/pulls/${number}/merge`, {})).status).toBe(200);
  });

  test('grow stale with a push where protection says so', async () => {
    const desk = await startDesk();
    const parameters = { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true };
    desk.forge.addRuleset(desk.repository, { rules: [{ type: 'pull_request', parameters }] });
    const { number } = await openPull(desk);
    await approve(desk, desk.bob, number);
    await desk.forge.push(desk.repository, { author: desk.ann, branch: 'topic', files: { x: 'x' } });
    expect((await desk.asJudge.get(`/pulls/${number}/reviews`)).body).toMatchObject([{ state: 'DISMISSED' }]);
    expect((await desk.asJudge.put(`/pulls/${number}/merge`, {})).status).toBe(405);
    await desk.forge.webhooks.idle();
    expect(desk.receiver.names()).toContain('pull_request_review.dismissed');
    expect(desk.forge.violations).toEqual([]);
  });

  test('are edited and dismissed by hand', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    const { body } = await approve(desk, desk.bob, number);
    expect(
      (await desk.as(desk.bob).put(`/pulls/${number}/reviews/${body.id}`, { body: 'fine' })).body.body,
    ).toBe('fine');
    const dismissed = await desk
      .as(desk.ann)
      .put(`/pulls/${number}/reviews/${body.id}/dismissals`, { message: 'm' });
    expect(dismissed.body.state).toBe('DISMISSED');
    await desk.forge.webhooks.idle();
    expect(desk.receiver.names()).toEqual(
      expect.arrayContaining(['pull_request_review.edited', 'pull_request_review.dismissed']),
    );
    expect(desk.forge.violations).toEqual([]);
  });
});

describe('checks', () => {
  test('only an App makes one, on a commit that there is, within the limits', async () => {
    const desk = await startDesk();
    const { head } = await openPull(desk);
    const run = { name: GOVERNED, head_sha: head, status: 'completed', conclusion: 'success' };
    expect((await desk.as(desk.ann).post('/check-runs', run)).status).toBe(403);
    expect((await desk.asPublisher.post('/check-runs', run)).status).toBe(403);
    expect((await desk.asJudge.post('/check-runs', { ...run, head_sha: '1'.repeat(40) })).status).toBe(422);
    const annotation = {
      path: 'a.txt',
      start_line: 1,
      end_line: 1,
      annotation_level: 'failure',
      message: 'm',
    };
    const output = (annotations: number, summary = 's') => ({
      title: 't',
      summary,
      annotations: Array(annotations).fill(annotation),
    });
    expect(
      (await desk.asJudge.post('/check-runs', { ...run, output: output(0, 'x'.repeat(65_536)) })).status,
    ).toBe(422);
    expect((await desk.asJudge.post('/check-runs', { ...run, output: output(51) })).status).toBe(422);
    const made = await desk.asJudge.post('/check-runs', { ...run, external_id: 'e', output: output(50) });
    expect(made).toMatchObject({
      status: 201,
      body: {
        app: { slug: 'peak-judge' },
        output: { annotations_count: 50 },
        pull_requests: [{ number: 1 }],
      },
    });
    const more = await desk.asJudge.patch(`/check-runs/${made.body.id}`, { output: output(1) });
    expect(more.body.output.annotations_count).toBe(51);
    const listed = await desk.asJudge.get(
      `/commits/${head}/check-runs?check_name=${encodeURIComponent(GOVERNED)}`,
    );
    expect(listed.body).toMatchObject({ total_count: 1, check_runs: [{ external_id: 'e' }] });
    // the two that broke a limit break GitHub's schema, too
    expect(desk.forge.violations.every(({ what }) => what === 'checks/create')).toBe(true);
  });

  test('belong to their App, which alone hears of a re-request and of a button', async () => {
    const desk = await startDesk();
    const { head } = await openPull(desk);
    const { body } = await postCheck(desk.asJudge, head);
    const other = await desk.forge.createApp({ slug: 'other', permissions: { checks: 'write' } });
    const asOther = desk.forge
      .as(desk.forge.installationTokenOf(desk.forge.install(other, desk.organization)))
      .in(desk.repository);
    expect((await asOther.patch(`/check-runs/${body.id}`, { conclusion: 'failure' })).status).toBe(403);
    expect((await desk.as(desk.ann).post(`/check-runs/${body.id}/rerequest`)).status).toBe(201);
    expect((await desk.as(desk.ann).post(`/check-suites/${body.check_suite.id}/rerequest`)).status).toBe(201);
    desk.forge.pressAction(desk.repository, { checkRun: body.id, identifier: 'recheck', actor: desk.bob });
    await desk.forge.webhooks.idle();
    expect(desk.receiver.names()).toEqual(
      expect.arrayContaining([
        'check_run.created',
        'check_run.completed',
        'check_run.rerequested',
        'check_suite.rerequested',
        'check_run.requested_action',
      ]),
    );
    const pressed = desk.receiver.received.find(({ action }) => action === 'requested_action');
    expect(pressed?.payload).toMatchObject({
      requested_action: { identifier: 'recheck' },
      sender: { login: 'bob' },
    });
    expect(desk.forge.violations).toEqual([]);
  });

  test('a required check counts from the pinned App only, and the newest decides', async () => {
    const desk = await startDesk();
    desk.forge.addRuleset(desk.repository, { rules: [requiredCheck(desk.judge.id)] });
    const { number, head } = await openPull(desk);
    const other = await desk.forge.createApp({
      slug: 'other',
      permissions: { checks: 'write', statuses: 'write' },
    });
    const asOther = desk.forge
      .as(desk.forge.installationTokenOf(desk.forge.install(other, desk.organization)))
      .in(desk.repository);
    const merge = () => desk.as(desk.ann).put(`/pulls/${number}/merge`, {});
    await postCheck(asOther, head);
    await desk.as(desk.ann).post(`/statuses/${head}`, { state: 'success', context: GOVERNED });
    expect((await merge()).status).toBe(405);
    await postCheck(desk.asJudge, head);
    await postCheck(desk.asJudge, head, { conclusion: 'failure' });
    expect((await merge()).status).toBe(405);
    await postCheck(desk.asJudge, head);
    expect((await merge()).status).toBe(200);
    expect(desk.forge.violations).toEqual([]);
  });
});

describe('protection', () => {
  test('strict: a head behind its base is 405 until the branch is updated', async () => {
    const desk = await startDesk();
    desk.forge.addRuleset(desk.repository, {
      include: ['~DEFAULT_BRANCH'],
      rules: [requiredCheck(desk.judge.id)],
    });
    const { number, head } = await openPull(desk);
    await postCheck(desk.asJudge, head);
    const other = await openPull(desk, { branch: 'other', files: { other: 'x' } });
    await postCheck(desk.asJudge, other.head);
    expect((await desk.as(desk.ann).put(`/pulls/${other.number}/merge`, {})).status).toBe(200);
    expect((await desk.asJudge.get(`/pulls/${number}`)).body.mergeable_state).toBe('behind');
    expect((await desk.as(desk.ann).put(`/pulls/${number}/merge`, {})).status).toBe(405);
    const wrong = await desk
      .as(desk.ann)
      .put(`/pulls/${number}/update-branch`, { expected_head_sha: '1'.repeat(40) });
    expect(wrong.status).toBe(422);
    expect((await desk.as(desk.ann).put(`/pulls/${number}/update-branch`, {})).status).toBe(202);
    const updated = await desk.asJudge.get(`/pulls/${number}`);
    expect(updated.body.head.sha).not.toBe(head);
    const commit = await desk.asJudge.get(`/git/commits/${updated.body.head.sha}`);
    expect(commit.body).toMatchObject({ verification: { verified: true }, parents: [{ sha: head }, {}] });
    await postCheck(desk.asJudge, updated.body.head.sha);
    expect((await desk.as(desk.ann).put(`/pulls/${number}/merge`, {})).status).toBe(200);
    expect(desk.forge.violations).toEqual([]);
  });

  test("code owners of the base's CODEOWNERS have to approve", async () => {
    const files = { CODEOWNERS: '* @ann\n/config/ @desk/risk\n', 'config/x.toml': 'x\n' };
    const desk = await startDesk({ files });
    const carol = desk.forge.createUser('carol');
    desk.forge.createTeam(desk.organization, 'risk', [carol]);
    desk.forge.setRole(desk.repository, carol, 'write');
    desk.forge.protect(desk.repository, 'main', {
      required_pull_request_reviews: {
        required_approving_review_count: 1,
        dismiss_stale_reviews: false,
        require_code_owner_reviews: true,
        require_last_push_approval: false,
      },
    });
    const { number } = await openPull(desk, { files: { 'config/x.toml': 'y\n' } });
    await approve(desk, desk.bob, number);
    expect((await desk.asJudge.put(`/pulls/${number}/merge`, {})).status).toBe(405);
    await approve(desk, carol, number);
    expect((await desk.asJudge.put(`/pulls/${number}/merge`, {})).status).toBe(200);
  });

  test('is readable: effective rules, rulesets, classic protection', async () => {
    const desk = await startDesk();
    const ruleset = desk.forge.addRuleset(desk.repository, {
      rules: [requiredCheck(desk.judge.id), { type: 'non_fast_forward' }, { type: 'pull_request' }],
    });
    desk.forge.addRuleset(desk.repository, { enforcement: 'disabled', rules: [{ type: 'deletion' }] });
    const rules = await desk.asJudge.get('/rules/branches/main');
    expect(rules.body).toMatchObject([
      {
        type: 'required_status_checks',
        ruleset_id: ruleset.id,
        parameters: { required_status_checks: [{ context: GOVERNED, integration_id: desk.judge.id }] },
      },
      { type: 'non_fast_forward' },
      { type: 'pull_request', parameters: { allowed_merge_methods: ['merge', 'squash', 'rebase'] } },
    ]);
    expect((await desk.asJudge.get('/rules/branches/feature/x')).body).toEqual([]);
    expect((await desk.asJudge.get('/rulesets')).body).toHaveLength(2);
    expect((await desk.asJudge.get(`/rulesets/${ruleset.id}`)).body.rules).toHaveLength(3);
    const owner = desk.as(desk.organization);
    expect((await desk.asJudge.get('/branches/main/protection')).status).toBe(403);
    expect((await owner.get('/branches/main/protection')).status).toBe(404);
    desk.forge.protect(desk.repository, 'main', {
      required_status_checks: { strict: true, checks: [{ context: GOVERNED, app_id: desk.judge.id }] },
    });
    expect((await owner.get('/branches/main/protection')).body).toMatchObject({
      required_status_checks: { strict: true },
      allow_force_pushes: { enabled: false },
    });
    expect((await owner.get('/branches/main')).body.protected).toBe(true);
    expect(desk.forge.violations).toEqual([]);
  });
});

describe('merging', () => {
  test.each([
    ['merge', 2],
    ['squash', 1],
    ['rebase', 1],
  ])('by %s makes a commit with %i parents, three-way, and says so', async (method, parents) => {
    const desk = await startDesk();
    const { forge, repository, asJudge } = desk;
    const { number } = await openPull(desk);
    const other = await openPull(desk, { branch: 'other', files: { other: 'x' } });
    await asJudge.put(`/pulls/${other.number}/merge`, {});
    const merged = await asJudge.put(`/pulls/${number}/merge`, { merge_method: method });
    expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    const tip = await asJudge.get(`/git/commits/${merged.body.sha}`);
    expect(tip.body.parents).toHaveLength(parents);
    expect(repository.refs.get('refs/heads/main')).toBe(merged.body.sha);
    expect(await repository.git.text(['show', 'main:a.txt'])).toBe('ONE\ntwo\nthree');
    expect(await repository.git.text(['show', 'main:other'])).toBe('x');
    const pull = await asJudge.get(`/pulls/${number}`);
    expect(pull.body).toMatchObject({
      state: 'closed',
      merged: true,
      merged_by: { login: 'peak-judge[bot]' },
      merge_commit_sha: merged.body.sha,
      changed_files: 1,
    });
    expect((await asJudge.get(`/pulls/${number}/merge`)).status).toBe(204);
    await forge.webhooks.idle();
    const closed = desk.receiver.received.filter(({ action }) => action === 'closed').at(-1);
    expect(closed?.payload.pull_request).toMatchObject({ merged: true, merge_commit_sha: merged.body.sha });
    const push = desk.receiver.received.filter(({ event }) => event === 'push').at(-1);
    expect(push?.payload).toMatchObject({ ref: 'refs/heads/main', after: merged.body.sha });
    expect(forge.violations).toEqual([]);
  });

  test('409 when the head is not the expected one, 405 when it conflicts or the method is off', async () => {
    const desk = await startDesk();
    const { number, head } = await openPull(desk);
    const other = await openPull(desk, { branch: 'other', files: { 'a.txt': 'uno\ntwo\nthree\n' } });
    const merge = (body: object) => desk.asJudge.put(`/pulls/${number}/merge`, body);
    expect((await merge({ sha: other.head })).status).toBe(409);
    await desk.as(desk.organization).patch('', { allow_rebase_merge: false });
    expect((await merge({ sha: head, merge_method: 'rebase' })).status).toBe(405);
    await desk.asJudge.put(`/pulls/${other.number}/merge`, {});
    expect((await desk.asJudge.get(`/pulls/${number}`)).body).toMatchObject({
      mergeable: false,
      mergeable_state: 'dirty',
    });
    expect((await merge({ sha: head })).status).toBe(405);
    expect((await desk.asJudge.put(`/pulls/${other.number}/merge`, {})).status).toBe(405);
    expect((await desk.asPublisher.post('/git/refs', { ref: 'refs/heads/x', sha: head })).status).toBe(201);
  });

  test('a base that got the head by a push has merged it', async () => {
    const desk = await startDesk();
    const { number, head } = await openPull(desk);
    expect((await desk.as(desk.bob).patch('/git/refs/heads/main', { sha: head })).status).toBe(200);
    expect((await desk.asJudge.get(`/pulls/${number}`)).body).toMatchObject({
      merged: true,
      merged_by: { login: 'bob' },
    });
  });

  test('the revert button takes back a merge after another one', async () => {
    const desk = await startDesk();
    const { number } = await openPull(desk);
    await desk.asJudge.put(`/pulls/${number}/merge`, {});
    const other = await openPull(desk, { branch: 'other', files: { other: 'x' } });
    await desk.asJudge.put(`/pulls/${other.number}/merge`, { merge_method: 'squash' });
    const branch = await desk.forge.pushRevert(desk.repository, number, desk.bob);
    expect(await desk.repository.git.text(['show', `${branch}:a.txt`])).toBe('one\ntwo\nthree');
    expect(await desk.repository.git.text(['show', `${branch}:other`])).toBe('x');
    const opened = await desk.as(desk.bob).post('/pulls', { title: 'Revert', head: branch, base: 'main' });
    expect(opened).toMatchObject({ status: 201, body: { changed_files: 1 } });
  });

  test('a queue of one asks for checks on its own head, and merges when they passed', async () => {
    const desk = await startDesk();
    desk.forge.addRuleset(desk.repository, { rules: [requiredCheck(desk.judge.id, false)] });
    const { number } = await openPull(desk);
    const group = await desk.forge.enqueue(desk.repository, number, desk.ann);
    expect(await desk.forge.finishGroup(desk.repository, group, desk.ann)).toBe(false);
    await desk.forge.webhooks.idle();
    const asked = desk.receiver.received.find(({ event }) => event === 'merge_group');
    expect(asked?.payload).toMatchObject({
      action: 'checks_requested',
      merge_group: { head_sha: group.head, base_sha: group.base },
    });
    await postCheck(desk.asJudge, group.head);
    expect(await desk.forge.finishGroup(desk.repository, group, desk.ann)).toBe(true);
    expect((await desk.asJudge.get(`/pulls/${number}`)).body.merged).toBe(true);
    expect(desk.forge.violations).toEqual([]);
  });

  test('a draft is not merged before it is ready', async () => {
    const desk = await startDesk();
    await desk.forge.push(desk.repository, { author: desk.ann, branch: 'topic', files: { x: 'x' } });
    await desk.as(desk.ann).post('/pulls', { title: 't', head: 'topic', base: 'main', draft: true });
    expect((await desk.asJudge.put('/pulls/1/merge', {})).status).toBe(405);
    desk.forge.markReady(desk.repository, 1, desk.ann);
    expect((await desk.asJudge.put('/pulls/1/merge', {})).status).toBe(200);
    await desk.forge.webhooks.idle();
    expect(desk.receiver.names()).toContain('pull_request.ready_for_review');
  });
});
