/** The steps of governance.yml, run as a runner runs them, in a clean clone of the local GitHub. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GitFolder } from '../support/cli/git-folder.ts';
import { temporaryFolder } from '../support/cli/governed-folder.ts';
import { cleanEnvironment, runCommand } from '../support/cli/run-peak.ts';
import { push, startWorkflowPlace, type WorkflowPlace } from '../support/github/workflow-place.ts';
import { holds } from '../support/workflow/expression.ts';
import { type JobRun, runJob } from '../support/workflow/run-job.ts';
import { type Job, parseWorkflow } from '../support/workflow/workflow.ts';

const ROOT = join(import.meta.dirname, '../..');
const { advise: JOB } = parseWorkflow(readFileSync(join(ROOT, '.github/workflows/governance.yml'), 'utf8'))
  .jobs as Record<'advise', Job>;
const POLICY = 'config/promotion.toml';
const AUTO_TOML = 'config/live_overrides/auto.toml';

/** A clone of the base with a branch of somebody's, pushed, and a pull request for it; answers its number. */
async function open(
  place: WorkflowPlace,
  branch: string,
  change: (folder: GitFolder) => void | Promise<void>,
) {
  const folder = new GitFolder(temporaryFolder());
  const clone = ['git', 'clone', '--quiet', place.adminUrl, '.'];
  await runCommand(clone, { cwd: folder.root, env: cleanEnvironment() });
  folder.git('switch', '--quiet', '--create', branch);
  change(folder);
  if (folder.git('status', '--porcelain') !== '') folder.commitAll(`change of ${branch}`);
  await push(folder.root, place.adminUrl, branch);
  const client = place.forge.as(
    await place.forge.workflowTokenOf(place.repository, { contents: 'write', pull_requests: 'write' }),
  );
  place.repository.actions.mayApprove = true;
  const opened = { title: branch, head: branch, base: 'trunk' };
  const { status, body } = await client.post('/repos/acme/trading/pulls', opened);
  expect([status, body]).toEqual([201, expect.anything()]);
  return (body as { number: number }).number;
}

const leverageTen = (folder: GitFolder): void => {
  folder.write(AUTO_TOML, '[auto_applied]\n"portfolio.leverage" = 10.0\n');
  folder.write('reports/learning_snippets/x.json', '{}');
};

/** Right, but for the people who have to agree. */
const loosenPolicy = (folder: GitFolder): void =>
  folder.write(POLICY, folder.read(POLICY).replace('mode = "manual_only"', 'mode = "bounded_auto"'));

async function advise({ forge, repository }: WorkflowPlace, event: string, number: number | null) {
  const token = await forge.workflowTokenOf(repository, { contents: 'read', pull_requests: 'read' });
  const pull = number === null ? {} : { pull_request: { number, base: { ref: 'trunk' } } };
  const github = {
    event_name: event,
    ref_name: 'trunk',
    token,
    event: { ...pull, ...(event === 'schedule' ? {} : { repository: { default_branch: 'trunk' } }) },
  };
  return runJob(JOB, {
    origin: `${forge.serverUrl}/acme/trading.git`,
    contexts: { github },
    artifacts: new Map(),
    env: {
      GITHUB_REPOSITORY: 'acme/trading',
      GITHUB_API_URL: forge.apiUrl,
      GITHUB_SERVER_URL: forge.serverUrl,
      // The clock of the sample evidence must not reach a judgement.
      SOURCE_DATE_EPOCH: '',
    },
  });
}

function said({ steps }: JobRun): string {
  return steps.map(({ run }) => `${run?.stdout ?? ''}${run?.stderr ?? ''}`).join('');
}

const summaryOf = ({ steps }: JobRun): string => steps.map(({ summary }) => summary).join('');

describe('a pull request', () => {
  test('that breaks a limit makes the job red, with the reasons and the line', async () => {
    const place = await startWorkflowPlace();
    const number = await open(place, 'greedy', leverageTen);
    const job = await advise(place, 'pull_request_target', number);
    expect(job.ok).toBe(false);
    expect(summaryOf(job)).toContain(`# Pull request ${number}`);
    expect(summaryOf(job)).toContain('Advice, not the check `peak/governance`');
    expect(summaryOf(job)).toContain('`LIVE_CONFIG_INVALID`');
    expect(said(job)).toMatch(
      /^::error file=config\/live_overrides\/auto\.toml,line=2,col=1::refused by live/m,
    );
  }, 120_000);

  test('that waits for people only does not, and says that it knows none', async () => {
    const place = await startWorkflowPlace();
    const number = await open(place, 'honest', loosenPolicy);
    const job = await advise(place, 'pull_request_target', number);
    expect([job.ok, job.ok ? '' : said(job)]).toEqual([true, '']);
    expect(summaryOf(job)).toContain('Waits for approvals, which are not known here');
  }, 120_000);

  test('is read as objects: nothing of it is checked out, run, or left with a token', async () => {
    const place = await startWorkflowPlace();
    const marker = join(temporaryFolder(), 'marker');
    const number = await open(place, 'hostile', (folder) => {
      folder.write('action/main.js', `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');\n`);
      folder.write(
        'action/bundle/peak.js',
        `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');\n`,
      );
      folder.write('.gitattributes', '* filter=evil\n');
      folder.write('config/promotion.toml', '[promotion]\nmode = "bounded_auto"\n');
      folder.write('hostile.txt', '::error::boo\n');
    });
    const job = await advise(place, 'pull_request_target', number);
    expect(job.ok).toBe(false);
    expect(existsSync(marker)).toBe(false);
    expect(existsSync(join(job.workspace, 'hostile.txt'))).toBe(false);
    const clone = new GitFolder(job.workspace);
    expect(clone.git('status', '--porcelain')).toBe('');
    expect(clone.read('.git/config')).not.toMatch(/extraheader|x-access-token|ghs_/i);
    expect(said(job) + summaryOf(job)).not.toMatch(/ghs_|eC1hY2Nlc3MtdG9rZW4/);
    expect(summaryOf(job)).toContain('`MIXED_CLASSES`');
  }, 120_000);
});

test('a push and a schedule judge everything that is open, and blame nobody', async () => {
  const place = await startWorkflowPlace();
  const numbers = [
    await open(place, 'greedy', leverageTen),
    await open(place, 'docs', (folder) => folder.write('NOTES.md', 'x')),
  ];
  for (const event of ['schedule', 'push']) {
    const job = await advise(place, event, null);
    expect([job.ok, job.ok ? '' : said(job)]).toEqual([true, '']);
    for (const number of numbers) expect(summaryOf(job)).toContain(`# Pull request ${number}\n`);
    expect(summaryOf(job)).toContain('Ready: unrelated, no live value changes');
  }
}, 120_000);

test.each([
  ['pull_request_target', 'trunk', 'trunk', true],
  ['pull_request_target', 'trunk', 'feature', false],
  ['push', 'trunk', undefined, true],
  ['push', 'feature', undefined, false],
  ['schedule', 'trunk', undefined, true],
])('on %s of %s, to %s: %s', (event, branch, base, runs) => {
  const pull = base === undefined ? {} : { pull_request: { base: { ref: base } } };
  const repository = event === 'schedule' ? {} : { repository: { default_branch: 'trunk' } };
  const github = { event_name: event, ref_name: branch, event: { ...pull, ...repository } };
  expect(holds(JOB.if, { github }, false)).toBe(runs);
});
