import { describe, expect, test } from 'vitest';
import { type JudgePlace, judgePlace } from '../support/judge/judge-place.ts';

const AUTO_TOML = 'config/live_overrides/auto.toml';

async function issuesOf({
  forge,
  repository,
  operator,
}: JudgePlace): Promise<readonly { title: string; body: string }[]> {
  const { body } = await forge.as(operator).in(repository).get('/issues?state=open');
  return body.filter((issue: { pull_request?: unknown }) => issue.pull_request === undefined);
}

async function reconciled(place: JudgePlace): Promise<void> {
  await place.judge.reconcile();
  await place.settled();
}

describe('the judge watches', () => {
  test('what is pushed past it, and a schedule that has stopped, each in one issue', async () => {
    const place = await judgePlace({ protection: 'none' });
    const stopped = 'The promotion cycle has stopped';
    expect(await issuesOf(place)).toEqual([]);
    place.wait(37 * 3_600_000);
    await reconciled(place);
    expect((await issuesOf(place)).map(({ title }) => title)).toEqual([stopped]);
    const files = { [AUTO_TOML]: '[auto_applied]\n"portfolio.leverage" = 10.0\n' };
    const pushed = await place.forge.push(place.repository, {
      author: place.stranger,
      branch: 'main',
      files,
    });
    expect(pushed).toMatchObject({ ok: true });
    await reconciled(place);
    const issues = await issuesOf(place);
    expect(issues.map(({ title }) => title).sort()).toEqual([
      'The base branch holds what nothing explains',
      stopped,
    ]);
    const audit = issues.find(({ title }) => title !== stopped);
    expect(audit?.body).toContain(pushed.commit.slice(0, 12));
    expect(audit?.body).toContain('HARD_LIMIT');
    const writes = place.forge.requests.filter(({ write }) => write).length;
    await reconciled(place);
    expect(await issuesOf(place)).toEqual(issues);
    expect(place.forge.requests.filter(({ write }) => write).length).toBe(writes);
  });

  test('no schedule that runs', async () => {
    const place = await judgePlace();
    place.wait(37 * 3_600_000);
    place.repository.workflowRuns.push({
      id: 1,
      path: '.github/workflows/promotion-cycle.yml',
      conclusion: 'success',
      updatedAt: place.now(),
    });
    await reconciled(place);
    expect(await issuesOf(place)).toEqual([]);
  });
});

describe('a merge group', () => {
  test('is judged on its own commit: what waits for approval does not pass the queue', async () => {
    const place = await judgePlace();
    await (await place.clone()).published();
    const number = (await place.pulls())[0]?.number ?? 0;
    await place.settled();
    const group = await place.forge.enqueue(place.repository, number, place.operator);
    await place.settled();
    expect(await place.checkOn(group.head)).toMatchObject({ conclusion: 'action_required' });
    expect(await place.forge.finishGroup(place.repository, group, place.operator)).toBe(false);
  });

  test('keeps the approvals of its pull request', async () => {
    const place = await judgePlace();
    await (await place.clone()).published();
    const number = (await place.pulls())[0]?.number ?? 0;
    await place.settled();
    await place.review(number, place.operator);
    await place.tick(number, place.operator);
    await place.settled();
    const group = await place.forge.enqueue(place.repository, number, place.operator);
    await place.settled();
    expect(await place.checkOn(group.head)).toMatchObject({ conclusion: 'success' });
    expect(await place.forge.finishGroup(place.repository, group, place.operator)).toBe(true);
  });
});

describe('other base branches', () => {
  test('get no check, unless the policy of the default branch lists them', async () => {
    const place = await judgePlace({
      change: (folder) =>
        folder.edit('config/promotion.toml', '[approvals]', '[judge]\nbranches = ["staging"]\n\n[approvals]'),
    });
    const { forge, repository, operator } = place;
    const open = async (base: string): Promise<string> => {
      await forge.push(repository, { author: operator, branch: base, files: { [`${base}.md`]: 'x\n' } });
      const files = { [`of-${base}.md`]: 'x\n' };
      const pushed = await forge.push(repository, {
        author: operator,
        branch: `to-${base}`,
        from: base,
        files,
      });
      const draft = { title: base, head: `to-${base}`, base };
      expect((await forge.as(operator).in(repository).post('/pulls', draft)).status).toBe(201);
      await place.settled();
      return pushed.commit;
    };
    expect(await place.checkOn(await open('staging'))).toMatchObject({ conclusion: 'success' });
    expect(await place.checkOn(await open('harmless'))).toBeNull();
  });
});
