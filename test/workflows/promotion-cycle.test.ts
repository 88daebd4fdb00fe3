/** The steps of promotion-cycle.yml, run as a runner runs them, in a clean clone of this repository. */
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GitFolder } from '../support/cli/git-folder.ts';
import { SAMPLE_CLOCK, temporaryFolder } from '../support/cli/governed-folder.ts';
import { holds } from '../support/workflow/expression.ts';
import { type JobRun, type Runner, runJob } from '../support/workflow/run-job.ts';
import { type Job, parseWorkflow } from '../support/workflow/workflow.ts';

const ROOT = join(import.meta.dirname, '../..');
const EVIDENCE = 'reports/learning_snippets';
const PRODUCERS = '.github/peak/producers';
/** What a clone of this repository has that the workflow touches; all of it is committed. */
const CLONED = [
  ...['.gitattributes', '.gitignore', '.github', 'action', 'action.yml', 'app.yml'],
  ...['config', 'package.json', 'reports', 'schemas', 'templates'],
];
const JOBS = parseWorkflow(readFileSync(join(ROOT, '.github/workflows/promotion-cycle.yml'), 'utf8')).jobs;
const EVIDENCE_JOB = JOBS['evidence'] as Job;
const PUBLISH_JOB = JOBS['publish'] as Job;

/** A repository as it stands on the default branch, with producers: name → script. */
function repository(producers: Readonly<Record<string, string>> = {}): GitFolder {
  const folder = new GitFolder(temporaryFolder());
  for (const name of CLONED) cpSync(join(ROOT, name), folder.path(name), { recursive: true });
  for (const [name, script] of Object.entries(producers)) {
    folder.write(`${PRODUCERS}/${name}`, `#!/bin/bash\n${script}\n`);
    chmodSync(folder.path(`${PRODUCERS}/${name}`), 0o755);
  }
  folder.git('init', '--quiet', '--initial-branch=trunk');
  folder.commitAll('as it stands');
  return folder;
}

function runnerFor(folder: GitFolder, contexts: Runner['contexts'] = {}): Runner {
  return {
    origin: `file://${folder.root}`,
    contexts: {
      github: {
        event_name: 'schedule',
        ref_name: 'trunk',
        token: 'a token',
        event: { repository: { default_branch: 'trunk' } },
      },
      inputs: {},
      secrets: {},
      needs: { evidence: { outputs: {} } },
      ...contexts,
    },
    artifacts: new Map(),
    env: { SOURCE_DATE_EPOCH: SAMPLE_CLOCK },
  };
}

const SIGNAL = (value: number): string =>
  `peak signal emit --target portfolio.leverage --value ${value} --old-value 1.0 --confidence 0.9 --source nightly --experiment n-${value}`;

function said({ steps }: JobRun): string {
  return steps.map(({ run }) => `${run?.stdout}${run?.stderr}`).join('');
}

async function produce(producers: Readonly<Record<string, string>>) {
  const runner = runnerFor(repository(producers));
  const job = await runJob(EVIDENCE_JOB, runner);
  const artifact = runner.artifacts.get('peak-evidence');
  const names = artifact === undefined ? null : readdirSync(artifact, { recursive: true }).map(String).sort();
  return { job, names, artifact };
}

describe('the evidence job', () => {
  test('without producers hands nothing over', async () => {
    const { job, names } = await produce({});
    expect([job.ok, job.outputs, names]).toEqual([true, { files: '0' }, null]);
  });

  test('runs every producer with peak on its PATH, and hands over what is new', async () => {
    const { job, names } = await produce({
      '10-leverage': SIGNAL(1.1),
      '20-other': `mkdir -p ${EVIDENCE}/night; echo '{}' > ${EVIDENCE}/night/x.json`,
    });
    expect({ ok: job.ok, said: job.ok ? '' : said(job), ...job.outputs }).toEqual({
      ok: true,
      said: '',
      files: '2',
    });
    expect(names).toEqual(['night', 'night/x.json', expect.stringMatching(/^nightly-.*json$/)]);
  });

  test('hands over what a .gitignore hides', async () => {
    const { names } = await produce({
      '10-hidden': `cd ${EVIDENCE}; echo '*' > .gitignore; mkdir n; echo '{}' | tee n/down.json > down.jsonl; echo x > x.tmp`,
    });
    expect(names).toEqual(['down.jsonl', 'n', 'n/down.json']);
  });

  test('runs no file that is not executable, and no folder', async () => {
    const folder = repository();
    folder.write(`${PRODUCERS}/notes.txt`, 'exit 1');
    folder.write(`${PRODUCERS}/folder/x`, '');
    folder.commitAll();
    expect((await runJob(EVIDENCE_JOB, runnerFor(folder))).ok).toBe(true);
  });

  test('stays red when a producer fails, and keeps what the others brought', async () => {
    const { job, names } = await produce({ '10-broken': 'exit 7', '20-leverage': SIGNAL(1.1) });
    expect(job.ok).toBe(false);
    expect(names).toHaveLength(1);
    expect(said(job)).toContain('10-broken ended with 7');
  });

  test('refuses a producer that changes committed evidence', async () => {
    const { job, names } = await produce({
      '10-forger': `echo '{}' > ${EVIDENCE}/operations-2026-11-19.jsonl`,
      '20-leverage': SIGNAL(1.1),
    });
    expect([job.ok, names]).toEqual([false, null]);
  });

  test('obeys no workflow command that a producer prints', async () => {
    const { job } = await produce({ '10-loud': 'echo "::error::boo"; echo "::add-mask::1"' });
    const lines = said(job).split('\n');
    const stopped = lines.findIndex((line) => line.startsWith('::stop-commands::'));
    const token = lines[stopped]?.slice('::stop-commands::'.length) ?? '';
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.indexOf('::error::boo')).toBeGreaterThan(stopped);
    expect(lines.indexOf(`::${token}::`)).toBeGreaterThan(lines.indexOf('::add-mask::1'));
  });

  test('gives a producer neither a secret nor a credential in the clone', async () => {
    const { job } = await produce({ '10-curious': 'env; cat .git/config' });
    expect(job.ok).toBe(true);
    expect(said(job)).not.toMatch(/a token|INPUT_|PRIVATE|extraheader/i);
  });
});

/** The publish job as it is, but to local branches: what it does up to GitHub. */
const LOCALLY: Job = {
  ...PUBLISH_JOB,
  steps: PUBLISH_JOB.steps.map((step) =>
    step.uses === './' ? { ...step, with: { ...step.with, publish: 'branch' } } : step,
  ),
};

async function publishLocally(folder: GitFolder, artifact: string | undefined, mode = '') {
  const files = artifact === undefined ? '0' : '1';
  const runner = runnerFor(folder, { needs: { evidence: { outputs: { files } } }, inputs: { mode } });
  if (artifact !== undefined) runner.artifacts.set('peak-evidence', artifact);
  const job = await runJob(LOCALLY, runner);
  return { job, clone: new GitFolder(job.workspace) };
}

describe('the publish job', () => {
  test('publishes what the evidence job handed over', async () => {
    const { artifact } = await produce({ '10-leverage': SIGNAL(1.1) });
    const { job, clone } = await publishLocally(repository(), artifact);
    expect(job.ok ? '' : said(job)).toBe('');
    const changes = clone.changesOf('peak/promotion/manual');
    expect(changes.filter((change) => /^A .*nightly-.*\.json$/.test(change))).toHaveLength(1);
    expect(changes).toContain('M config/live_overrides/auto.toml');
  });

  test('publishes without new evidence, too', async () => {
    const { job, clone } = await publishLocally(repository(), undefined);
    expect(job.ok ? '' : said(job)).toBe('');
    expect(Object.keys(clone.branches())).toContain('peak/promotion/manual');
  });

  test('publishes nothing of an artifact that would overwrite or escape', async () => {
    const artifact = temporaryFolder();
    writeFileSync(join(artifact, 'operations-2026-11-19.jsonl'), '{}');
    writeFileSync(join(artifact, 'promotion.toml'), '[promotion]\nmode = "bounded_auto"\n');
    const { job, clone } = await publishLocally(repository(), artifact);
    expect(job.ok).toBe(false);
    expect(said(job)).toContain('promotion.toml');
    expect(Object.keys(clone.branches())).toEqual(['trunk']);
    expect(clone.git('status', '--porcelain')).toBe('');
  });

  test('runs in a stricter mode, and in no looser one', async () => {
    const strict = await publishLocally(repository(), undefined, 'disabled');
    expect([strict.job.ok, Object.keys(strict.clone.branches())]).toEqual([true, ['trunk']]);
    const policy = await publishLocally(repository(), undefined, 'policy');
    expect(policy.job.ok).toBe(true);
    const loose = await publishLocally(repository(), undefined, 'bounded_auto');
    expect(loose.job.ok).toBe(false);
  });

  test('leaves no credential in the clone', async () => {
    const { clone } = await publishLocally(repository(), undefined);
    expect(clone.read('.git/config')).not.toMatch(/extraheader|x-access-token|a token/i);
  });

  test('takes a mode for a mode, whatever it says', async () => {
    const { job } = await publishLocally(repository(), undefined, '--publish=none');
    expect(job.ok).toBe(false);
  });
});

describe('which job runs', () => {
  const on = (event: string, branch: string, failed = false) => {
    const github = {
      event_name: event,
      ref_name: branch,
      event: { repository: { default_branch: 'trunk' } },
    };
    return [EVIDENCE_JOB, PUBLISH_JOB].map((job) => holds(job.if, { github }, job === PUBLISH_JOB && failed));
  };

  test.each([
    ['schedule', 'trunk', [true, true]],
    ['push', 'trunk', [false, true]],
    ['push', 'feature', [false, false]],
    ['workflow_dispatch', 'trunk', [true, true]],
    ['workflow_dispatch', 'feature', [false, false]],
  ])('on %s of %s', (event, branch, expected) => {
    expect(on(event, branch)).toEqual(expected);
  });

  test('publishes although a producer failed', () => {
    expect(on('schedule', 'trunk', true)).toEqual([true, true]);
  });
});
