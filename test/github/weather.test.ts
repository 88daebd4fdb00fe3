/** What can go wrong at the other end: each a clear failure, and nothing half published. */
import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { runPeak } from '../support/cli/run-peak.ts';
import { primaryLimit, secondaryLimit } from '../support/forge/index.ts';
import { EVIDENCE, patch, withoutResearch } from '../support/github/evidence.ts';
import { type Clone, type GitHubPlace, githubPlace } from '../support/github/github-place.ts';

/** Publishing fails with this code, and no branch or pull request appears. */
async function fails(place: GitHubPlace, clone: Clone, code: string, variables = {}): Promise<void> {
  const outcome = await clone.publish({ variables }).then(
    (result) => (result.ok ? 'published' : result.problems.map((one) => one.code).join()),
    (error: { code?: string; message: string; hint?: string }) => {
      expect(`${error.message}${error.hint}`).not.toMatch(/ghs_|PRIVATE KEY/);
      return error.code;
    },
  );
  expect(outcome).toBe(code);
  expect([...place.repository.refs.keys()].filter((ref) => ref.includes('/peak/'))).toEqual([]);
  expect(place.repository.pulls.size).toBe(0);
}

const asWorkflow = (token: string) => ({ APP_ID: '', PRIVATE_KEY: '', GITHUB_TOKEN: token });

describe('credentials', () => {
  test.each([
    ['none', { APP_ID: '', PRIVATE_KEY: '' }],
    ['an App without a key', { PRIVATE_KEY: '' }],
    ['a key that is none', { PRIVATE_KEY: 'secret' }],
    ["a person's token", asWorkflow('ghp_0123456789012345678901234567890123456')],
    ['no repository', { GITHUB_REPOSITORY: 'trading' }],
    ['an address in the clear', { GITHUB_API_URL: 'http://github.example/api/v3' }],
  ])('%s: a problem, and no request', async (_, variables) => {
    const place = await githubPlace();
    const clone = await place.clone();
    place.forge.requests.splice(0);
    await fails(place, clone, 'CREDENTIALS_INVALID', variables);
    expect(place.forge.requests).toEqual([]);
  });

  test('a key on one line will do', async () => {
    const place = await githubPlace();
    const variables = { PRIVATE_KEY: place.app.privateKey.replaceAll('\n', '\\n') };
    expect((await (await place.clone()).published({ variables })).branches).toHaveLength(1);
  });

  test('an unknown token, and one without a permission', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await fails(place, clone, 'GITHUB_REFUSED', asWorkflow('ghs_unknown'));
    const token = await place.forge.workflowTokenOf(place.repository, {
      contents: 'read',
      pull_requests: 'read',
    });
    await fails(place, clone, 'GITHUB_REFUSED', asWorkflow(token));
  });

  test('Actions that may not open pull requests: said so; allowed later, the next run opens it', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    const token = await place.forge.workflowTokenOf(place.repository, {
      contents: 'write',
      pull_requests: 'write',
    });
    await expect(clone.published({ variables: asWorkflow(token) })).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
    });
    expect(place.repository.pulls.size).toBe(0);
    place.repository.actions.mayApprove = true;
    expect((await clone.published({ variables: asWorkflow(token) })).branches).toMatchObject([
      { state: 'unchanged', pull: { number: 1, state: 'opened' } },
    ]);
  });
});

describe('the repository', () => {
  test('is empty on GitHub', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    await place.repository.git.text(['update-ref', '-d', 'refs/heads/main']);
    await fails(place, clone, 'REPOSITORY_EMPTY');
  });

  test('was renamed', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    const admin = place.forge.createUser('adam');
    place.forge.setRole(place.repository, admin, 'admin');
    const answer = await place.forge.as(admin).in(place.repository).patch('', { name: 'desk' });
    expect(answer.status).toBe(200);
    const token = await place.forge.workflowTokenOf(place.repository, {
      contents: 'write',
      pull_requests: 'write',
    });
    await fails(place, clone, 'REPOSITORY_RENAMED', asWorkflow(token));
    // An App gets no token for a name that is not there any more.
    await fails(place, clone, 'GITHUB_REFUSED');
  });

  test.each([
    ['was renamed', { name: 'desk' }, 'REPOSITORY_RENAMED'],
    ['was archived', { archived: true }, 'REPOSITORY_READ_ONLY'],
  ])('%s after a pull request was opened', async (_, change, code) => {
    const place = await githubPlace();
    const clone = await place.clone();
    await clone.published();
    const admin = place.forge.createUser('adam');
    place.forge.setRole(place.repository, admin, 'admin');
    expect((await place.forge.as(admin).in(place.repository).patch('', change)).status).toBe(200);
    const token = await place.forge.workflowTokenOf(place.repository, {
      contents: 'write',
      pull_requests: 'write',
    });
    const { problems } = await clone.publish({ variables: asWorkflow(token) });
    expect(problems.map((one) => one.code)).toEqual([code]);
  });

  test('is cloned without its history, or has commits that GitHub has not', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    clone.git(
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'mine',
    );
    await fails(place, clone, 'HEAD_NOT_ON_BASE');
    clone.write('.git/shallow', `${clone.git('rev-parse', 'HEAD')}\n`);
    await fails(place, clone, 'CLONE_SHALLOW');
    rmSync(clone.path('.git/shallow'));
  });

  test('has a rule against new branches', async () => {
    const place = await githubPlace();
    const message = 'Repository rule violations found\n\nCannot create this branch';
    place.forge.faults.plan({ path: /\/git\/refs$/, times: 99, effect: { status: 422, message } });
    await fails(place, await place.clone(), 'GITHUB_REFUSED');
  });

  test('has a rule against updates: refused, and the old proposal stands', async () => {
    const place = await githubPlace(withoutResearch);
    const clone = await place.clone();
    await clone.published();
    const before = await place.pull(1);
    place.forge.addRuleset(place.repository, {
      include: ['refs/heads/peak/**'],
      rules: [{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }],
    });
    clone.write(`${EVIDENCE}/slow.json`, patch({ target: 'strategy.ma_slow_period', new_value: 31 }));
    place.wait(60_000);
    await expect(clone.published()).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
    expect(await place.pull(1)).toEqual(before);
  });

  test('has thirty thousand files: no call lists them', async () => {
    const place = await githubPlace((folder) => {
      for (let i = 0; i < 30_000; i += 1) folder.write(`data/${i % 500}/${i}.txt`, `${i}`);
    });
    const clone = await place.clone();
    place.forge.requests.splice(0);
    await clone.published();
    expect(place.forge.requests.filter(({ operation }) => operation === 'git/get-tree')).toEqual([]);
    expect(await place.filesOf(1)).toHaveLength(5);
  }, 240_000);
});

describe('limits and failures', () => {
  test.each([
    [401, 'GITHUB_REFUSED'],
    [403, 'GITHUB_REFUSED'],
    [404, 'GITHUB_REFUSED'],
    [409, 'GITHUB_REFUSED'],
    [422, 'GITHUB_REFUSED'],
    [500, 'GITHUB_UNREACHABLE'],
    [503, 'GITHUB_UNREACHABLE'],
  ])('%d to every tree', async (status, code) => {
    const place = await githubPlace();
    place.forge.faults.plan({ path: /\/git\/trees$/, times: 99, effect: { status } });
    await fails(place, await place.clone(), code);
  });

  test.each([
    ['the primary limit', primaryLimit(2_000_000_000)],
    ['the secondary limit', secondaryLimit(3600)],
    ['429', secondaryLimit(3600, 429)],
  ])('%s', async (_, effect) => {
    const place = await githubPlace();
    place.forge.faults.plan({ path: /\/git\/trees$/, times: 99, effect });
    await fails(place, await place.clone(), 'GITHUB_RATE_LIMITED');
  });

  test('500 twice, then an answer: published', async () => {
    const place = await githubPlace();
    place.forge.faults.plan({ path: /\/git\/trees$/, times: 2, effect: { status: 502 } });
    expect((await (await place.clone()).published()).branches).toHaveLength(1);
  });

  test('reviewers and labels that GitHub refuses are warnings', async () => {
    const place = await githubPlace((folder) =>
      folder.edit('config/promotion.toml', '["olivia"]', '["nobody", "olivia"]'),
    );
    const clone = await place.clone();
    place.forge.faults.plan({ path: /\/labels$/, effect: { status: 403 } });
    const report = await clone.published();
    const codes = report.gathered.warnings.warnings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['REVIEWERS_REFUSED', 'LABELS_REFUSED']));
    expect((await place.pull(1)).requested_reviewers.map(({ login }) => login)).toEqual(['olivia']);
    expect((await clone.published()).branches).toMatchObject([{ pull: { state: 'updated' } }]);
    expect((await place.pull(1)).labels).toHaveLength(2);
  });
});

describe('the command', () => {
  /** An environment as Actions makes it, with the workflow's own token. */
  async function step(place: GitHubPlace, clone: Clone, args: readonly string[] = []) {
    place.repository.actions.mayApprove = true;
    const token = await place.forge.workflowTokenOf(place.repository, {
      contents: 'write',
      pull_requests: 'write',
    });
    const env = {
      ...clone.variables(),
      ...asWorkflow(token),
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: clone.path('.git/step-output'),
      GITHUB_STEP_SUMMARY: clone.path('.git/step-summary'),
    };
    const run = await runPeak(clone, ['cycle', '--publish', 'github', ...args], { env });
    return { run, token };
  }

  test('in a step of Actions writes outputs and a summary, and shows the token nowhere', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    clone.write(`${EVIDENCE}/broken.json`, '{');
    const { run, token } = await step(place, clone, ['--json']);
    expect(run.exitCode).toBe(0);
    expect(answerOf(run)).toMatchObject({
      ok: true,
      branches: [{ pull_request: { number: 1, state: 'opened' } }],
    });
    expect(run.stderr).toMatch(/^::warning file=reports\/learning_snippets\/broken\.json/m);
    const [output, summary] = [clone.read('.git/step-output'), clone.read('.git/step-summary')];
    expect(output).toMatch(
      /^proposal_id<<(\S+)\nlive_promotion_\w+\n\1\npull_request<<(\S+)\n1\n\2\nchanged<<(\S+)\ntrue\n\3\n$/,
    );
    expect(summary).toMatch(/^## Promotion cycle\n/);
    expect(summary).toMatch(/Calls: \d+ reads, \d+ writes, 1 git fetch/);
    for (const text of [run.stdout, run.stderr, output, summary, clone.read('.git/config')])
      expect(text).not.toContain(token);
  }, 60_000);

  test('fails with exit 3 and an annotation where GitHub says no', async () => {
    const place = await githubPlace();
    const clone = await place.clone();
    place.forge.faults.plan({ path: /^\/repos\//, times: 99, effect: { status: 403 } });
    const { run } = await step(place, clone);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/^::error::GitHub answered 403/m);
  }, 60_000);
});
