/** The whole promotion-cycle workflow against the local GitHub: evidence, artifact, pull request; with an App and without. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLE_CLOCK } from '../support/cli/governed-folder.ts';
import { startWorkflowPlace, type WorkflowPlace } from '../support/github/workflow-place.ts';
import { type JobRun, type Runner, runJob } from '../support/workflow/run-job.ts';
import { type Job, parseWorkflow } from '../support/workflow/workflow.ts';

const ROOT = join(import.meta.dirname, '../..');
const { evidence: EVIDENCE_JOB, publish: PUBLISH_JOB } = parseWorkflow(
  readFileSync(join(ROOT, '.github/workflows/promotion-cycle.yml'), 'utf8'),
).jobs as Record<'evidence' | 'publish', Job>;

const PRODUCER = `#!/bin/sh
peak signal emit --target portfolio.leverage --value 1.2 --old-value 1.0 --confidence 0.9 --source nightly
`;

/** Runs both jobs as a scheduled run does; `token` is the workflow's own. */
async function runWorkflow(place: WorkflowPlace, secrets: Readonly<Record<string, string>>, mode?: string) {
  const { forge, repository } = place;
  const token = await forge.workflowTokenOf(repository, { contents: 'write', pull_requests: 'write' });
  const readToken = await forge.workflowTokenOf(repository, { contents: 'read' });
  const github = {
    event_name: 'workflow_dispatch',
    ref_name: 'trunk',
    event: { repository: { default_branch: 'trunk' } },
  };
  const runner: Runner = {
    origin: `${forge.serverUrl}/acme/trading.git`,
    contexts: { github: { ...github, token: readToken }, inputs: { mode }, secrets: {}, needs: {} },
    artifacts: new Map(),
    env: {
      SOURCE_DATE_EPOCH: SAMPLE_CLOCK,
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_API_URL: forge.apiUrl,
      GITHUB_SERVER_URL: forge.serverUrl,
    },
  };
  const evidence = await runJob(EVIDENCE_JOB, runner);
  const publish = await runJob(PUBLISH_JOB, {
    ...runner,
    contexts: {
      ...runner.contexts,
      github: { ...github, token },
      secrets,
      needs: { evidence: { outputs: evidence.outputs } },
    },
  });
  return { evidence, publish };
}

const secretsOf = ({ app }: WorkflowPlace) => ({
  PEAK_APP_ID: String(app.id),
  PEAK_PRIVATE_KEY: app.privateKey,
});

function said({ steps }: JobRun): string {
  return steps.map(({ run }) => `${run?.stdout ?? ''}${run?.stderr ?? ''}`).join('');
}

/** The step that runs the action in the publish job. */
function cycleOf({ steps }: JobRun) {
  return steps.findLast(({ step }) => step.uses === './');
}

/** Open pull requests: head branch, author, number. */
async function openPulls({ forge, repository }: WorkflowPlace) {
  const admin = forge.as(await forge.workflowTokenOf(repository, { pull_requests: 'read' }));
  const { body } = await admin.get('/repos/acme/trading/pulls');
  const pulls = body as readonly {
    number: number;
    head: { ref: string; sha: string };
    user: { login: string };
  }[];
  return pulls.map(({ number, head, user }) => ({ number, branch: head.ref, author: user.login }));
}

test('a night: a producer, an artifact, one pull request by the App, and nothing the second time', async () => {
  const place = await startWorkflowPlace({ producer: PRODUCER });
  const first = await runWorkflow(place, secretsOf(place));
  expect([first.evidence.ok, first.evidence.outputs]).toEqual([true, { files: '1' }]);
  expect(first.publish.ok ? '' : said(first.publish)).toBe('');
  const pulls = await openPulls(place);
  expect(pulls).toEqual([
    { number: expect.any(Number), branch: 'peak/promotion/manual', author: 'peak-publisher[bot]' },
  ]);
  expect(cycleOf(first.publish)?.outputs).toEqual({
    proposal_id: expect.stringMatching(/^live_promotion_20261121T222640Z_[0-9a-f]{8}$/),
    pull_request: String(pulls[0]?.number),
    changed: 'true',
  });
  expect(cycleOf(first.publish)?.summary).toContain('portfolio.leverage');
  expect(place.repository.pulls.size).toBe(1);

  const before = place.forge.requests.length;
  const second = await runWorkflow(place, secretsOf(place));
  expect(second.publish.ok ? '' : said(second.publish)).toBe('');
  expect(cycleOf(second.publish)?.outputs).toMatchObject({ changed: 'false' });
  const writes = place.forge.requests.slice(before).filter(({ write }) => write);
  expect(writes.map(({ path }) => path).filter((path) => !path.endsWith('/access_tokens'))).toEqual([]);
  expect(place.forge.violations).toEqual([]);
}, 120_000);

test('the evidence of the night is on the branch, and no secret is in anything that was said', async () => {
  const place = await startWorkflowPlace({ producer: PRODUCER });
  const { evidence, publish } = await runWorkflow(place, secretsOf(place));
  const head = place.repository.refs.get('refs/heads/peak/promotion/manual') ?? '';
  const files = await place.repository.git.text(['ls-tree', '-r', '--name-only', head]);
  expect(files).toMatch(/^reports\/learning_snippets\/nightly-.*\.json$/m);
  const told = said(evidence) + said(publish) + publish.steps.map(({ summary }) => summary).join('');
  expect(told).not.toMatch(/PRIVATE KEY|ghs_|x-access-token/);
  const config = readFileSync(join(publish.workspace, '.git/config'), 'utf8');
  expect(config).not.toMatch(/extraheader|x-access-token|ghs_/i);
}, 120_000);

test('the killswitch by hand closes what is open', async () => {
  const place = await startWorkflowPlace({ producer: PRODUCER });
  await runWorkflow(place, secretsOf(place));
  expect(await openPulls(place)).toHaveLength(1);
  const { publish } = await runWorkflow(place, secretsOf(place), 'disabled');
  expect(publish.ok ? '' : said(publish)).toBe('');
  expect(await openPulls(place)).toEqual([]);
}, 120_000);

describe('without an App', () => {
  test("the workflow's own token opens the pull request where Actions may", async () => {
    const place = await startWorkflowPlace({ producer: PRODUCER });
    place.repository.actions.mayApprove = true;
    const { publish } = await runWorkflow(place, {});
    expect(publish.ok ? '' : said(publish)).toBe('');
    expect(await openPulls(place)).toMatchObject([
      { branch: 'peak/promotion/manual', author: 'github-actions[bot]' },
    ]);
  }, 120_000);

  test('it says what to do where Actions may not', async () => {
    const place = await startWorkflowPlace({ producer: PRODUCER });
    const { publish } = await runWorkflow(place, {});
    expect(publish.ok).toBe(false);
    expect(said(publish)).toMatch(/::error.*allow it in Settings/);
    expect(await openPulls(place)).toEqual([]);
  }, 120_000);
});
