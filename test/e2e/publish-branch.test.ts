/** `peak cycle --publish branch`: a commit on a branch of its own, and nothing else moves. */
import { describe, expect, test } from 'vitest';
import { type Answer, answerOf, placesOf } from '../support/cli/answer.ts';
import { type GitFolder, gitFolder } from '../support/cli/git-folder.ts';
import { GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import { type Run, type RunOptions, runPeak } from '../support/cli/run-peak.ts';

const MANUAL = 'peak/promotion/manual';
const EVIDENCE = 'reports/learning_snippets';
const AUTO = 'config/live_overrides/auto.toml';
const LEARNED = 'config/auto/learning.override.toml';

interface PublishAnswer extends Answer {
  readonly branches: readonly {
    readonly branch: string;
    readonly state: string;
    readonly commit: string | null;
  }[];
}

function publish(folder: GitFolder, args: readonly string[] = [], options: RunOptions = {}): Promise<Run> {
  return runPeak(folder, ['cycle', '--publish', 'branch', '--json', ...args], options);
}

/** Publishes, and answers `branch state` of each branch; nothing that belongs to people may have moved. */
async function published(folder: GitFolder, options: RunOptions = {}): Promise<readonly string[]> {
  const before = folder.standing();
  const run = await publish(folder, [], options);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(folder.standing()).toEqual(before);
  return answerOf<PublishAnswer>(run).branches.map(({ branch, state }) => `${branch} ${state}`);
}

/** Publishing is refused with these problems, and no branch appears or moves. */
async function refused(folder: GitFolder, exitCode = 2): Promise<readonly string[]> {
  const before = [folder.standing(), folder.branches()];
  const run = await publish(folder);
  expect(run.exitCode).toBe(exitCode);
  expect([folder.standing(), folder.branches()]).toEqual(before);
  return placesOf(answerOf(run));
}

/** Without the evidence whose tag keeps `strategy.ma_slow_period` from being promoted. */
function withoutResearch(folder: GovernedFolder): void {
  folder.remove(`${EVIDENCE}/research-20261118T120000Z-fast_ma.json`);
}

function patch(fields: Readonly<Record<string, unknown>> = {}): string {
  const usual = { target: 'portfolio.leverage', new_value: 1.2, confidence_score: 0.9 };
  return `${JSON.stringify({ ...usual, generated_at: '2026-11-21T12:00:00Z', ...fields })}\n`;
}

describe('a first run', () => {
  test('makes one commit on the lane branch, and leaves work tree, index and HEAD alone', async () => {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/new.json`, patch());
    folder.write('notes.txt', 'mine');
    const base = folder.git('rev-parse', 'HEAD');
    expect(await published(folder)).toEqual([`${MANUAL} created`]);
    expect(Object.keys(folder.branches()).sort()).toEqual(['main', MANUAL]);
    expect(folder.git('rev-list', '--parents', '--max-count=1', MANUAL).split(' ').slice(1)).toEqual([base]);
    const changes = folder.changesOf(MANUAL);
    expect(changes.filter((change) => change.includes('/live_promotion_'))).toHaveLength(3);
    expect(changes).toContain(`A ${EVIDENCE}/new.json`);
    expect(changes).toContain(`M ${AUTO}`);
    expect(
      changes.filter((change) => !/live_promotion_|new\.json|auto\.toml|learning\.override/.test(change)),
    ).toEqual([]);
    expect(folder.show(MANUAL, `${EVIDENCE}/new.json`)).toBe(patch());
    expect(folder.git('fsck', '--no-dangling')).toBe('');
  });

  test('says on the commit what it is', async () => {
    const folder = gitFolder();
    await published(folder);
    const trailers = folder.git('log', '-1', '--format=%(trailers)', MANUAL);
    const id = folder.changesOf(MANUAL).flatMap((change) => /live_promotion_\w+/.exec(change) ?? [])[0];
    expect(trailers).toContain(`Peak-Proposal: ${id}`);
    expect(trailers).toMatch(/^Peak-Digest: [0-9a-f]{64}$/m);
    expect(trailers).toContain('Peak-Lane: manual');
    expect(folder.git('log', '-1', '--format=%at %ct', MANUAL)).toBe('1795300000 1795300000');
  });

  test('makes the same commit in every clone', async () => {
    const [one, other] = [gitFolder(), gitFolder()];
    for (const folder of [one, other]) folder.write(`${EVIDENCE}/new.json`, patch());
    await published(one);
    await published(other, { env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' } });
    expect(other.branches()).toEqual(one.branches());
  });

  test('derives what peak promote derives', async () => {
    const folder = gitFolder((one) => one.setMode('bounded_auto'));
    const local = answerOf(await runPeak(folder, ['promote', '--dry-run', '--json']));
    const run = await publish(folder, ['--dry-run']);
    const answer = answerOf<PublishAnswer>(run);
    expect((answer['patches'] as readonly unknown[]).length).toBe(
      (local['patches'] as readonly unknown[]).length,
    );
    expect(answer.branches.map(({ branch }) => branch)).toEqual(['peak/promotion/auto', MANUAL]);
    expect(answer['patches']).toEqual(local['patches']);
    expect(JSON.stringify(answer['patches'])).not.toContain('HISTORY_UNDETERMINED');
  });

  test('with --dry-run writes nothing', async () => {
    const folder = gitFolder();
    const before = [folder.standing(), folder.branches()];
    const run = await publish(folder, ['--dry-run']);
    expect(run.exitCode).toBe(0);
    expect(answerOf<PublishAnswer>(run).branches).toMatchObject([{ branch: MANUAL, state: 'dry_run' }]);
    expect([folder.standing(), folder.branches()]).toEqual(before);
  });

  test('under the killswitch writes nothing and says why', async () => {
    const folder = gitFolder((one) => one.setMode('disabled'));
    folder.write(`${EVIDENCE}/new.json`, patch());
    expect(await published(folder)).toEqual([]);
    expect(Object.keys(folder.branches())).toEqual(['main']);
    const run = await runPeak(folder, ['cycle', '--publish', 'branch']);
    expect(run.stdout).toMatch(/disabled.*killswitch/);
  });
});

describe('a second run', () => {
  test('writes nothing, at any time', async () => {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/new.json`, patch());
    await published(folder);
    const before = [folder.branches(), folder.git('count-objects', '-v')];
    expect(await published(folder)).toEqual([`${MANUAL} unchanged`]);
    expect(await published(folder, { env: { SOURCE_DATE_EPOCH: '1795303600' } })).toEqual([
      `${MANUAL} unchanged`,
    ]);
    expect([folder.branches(), folder.git('count-objects', '-v')]).toEqual(before);
  });

  test('after evidence that changes the proposal updates the branch, and forces nothing', async () => {
    const folder = gitFolder(withoutResearch);
    await published(folder);
    const first = folder.git('rev-parse', MANUAL);
    folder.write(`${EVIDENCE}/new.json`, patch({ target: 'strategy.ma_slow_period', new_value: 31 }));
    expect(await published(folder, { env: { SOURCE_DATE_EPOCH: '1795300060' } })).toEqual([
      `${MANUAL} updated`,
    ]);
    const parents = folder.git('rev-list', '--parents', '--max-count=1', MANUAL).split(' ').slice(1);
    expect(parents).toEqual([first, folder.git('rev-parse', 'HEAD')]);
    const proposals = folder.changesOf(MANUAL).flatMap((change) => /live_promotion_\w+/.exec(change) ?? []);
    expect(new Set(proposals).size).toBe(1);
  });

  test('after the policy moved on the base updates the branch', async () => {
    const folder = gitFolder();
    await published(folder);
    folder.edit('config/promotion.toml', 'max_step = 2.0', 'max_step = 1.5');
    folder.commitAll();
    expect(await published(folder)).toEqual([`${MANUAL} updated`]);
    expect(folder.show(MANUAL, 'config/promotion.toml')).toContain('max_step = 1.5');
  });

  test('after the merge has nothing left to say', async () => {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/new.json`, patch({ new_value: 1.25 }));
    await published(folder);
    folder.remove(`${EVIDENCE}/new.json`);
    folder.git('merge', '--quiet', '--no-ff', '--no-edit', MANUAL);
    const later = { env: { SOURCE_DATE_EPOCH: '1795300060' } };
    const live = await runPeak(folder, ['config', 'get', 'portfolio.leverage', '--env', 'live'], later);
    expect(live.stdout).toBe('1.25\n');
    // The day's budget held one change back: it is the next one's turn, and after that nothing is left.
    expect(await published(folder, later)).toEqual([`${MANUAL} updated`]);
    folder.git('merge', '--quiet', '--no-ff', '--no-edit', MANUAL);
    expect(await published(folder, later)).toEqual([`${MANUAL} moot`]);
  });

  test('tells how to merge so that a revert takes the whole promotion back', async () => {
    const folder = gitFolder();
    const run = await runPeak(folder, ['cycle', '--publish', 'branch']);
    expect(run.stdout).toContain(`git merge --no-ff ${MANUAL}`);
  });

  test('with the clock of a proposal that the base holds rewrites nothing', async () => {
    const folder = gitFolder();
    await published(folder);
    const auto = folder.read(AUTO);
    folder.git('merge', '--quiet', '--no-ff', '--no-edit', MANUAL);
    folder.write(AUTO, auto);
    folder.commitAll('roll back');
    expect(await refused(folder)).toEqual([expect.stringMatching(/^PROPOSAL_ON_BASE /)]);
    const later = { env: { SOURCE_DATE_EPOCH: '1795300060' } };
    expect(await published(folder, later)).toEqual([`${MANUAL} updated`]);
  });

  test('carries evidence that only the branch still has', async () => {
    const folder = gitFolder(withoutResearch);
    folder.write(`${EVIDENCE}/first.json`, patch());
    await published(folder);
    folder.remove(`${EVIDENCE}/first.json`);
    folder.write(`${EVIDENCE}/second.json`, patch({ target: 'strategy.ma_slow_period', new_value: 31 }));
    await published(folder, { env: { SOURCE_DATE_EPOCH: '1795300060' } });
    const changes = folder.changesOf(MANUAL);
    expect(changes).toContain(`A ${EVIDENCE}/first.json`);
    expect(changes).toContain(`A ${EVIDENCE}/second.json`);
  });
});

describe('new evidence without a proposal', () => {
  test('goes to a branch of its own, with the decisions', async () => {
    const folder = gitFolder((one) => one.remove(EVIDENCE));
    folder.write(`${EVIDENCE}/new.json`, patch({ target: 'risk.max_position', new_value: 0.11 }));
    expect(await published(folder)).toEqual(['peak/evidence created']);
    const changes = folder.changesOf('peak/evidence');
    expect(changes).toContain(`A ${EVIDENCE}/new.json`);
    expect(changes.filter((change) => change.startsWith('A reports/decisions/'))).toHaveLength(1);
    expect(changes).toHaveLength(2);
    expect(await published(folder)).toEqual(['peak/evidence unchanged']);
  });
});

describe('secrets in new evidence', () => {
  test.each([
    ['a value of the never-list', patch({ target: 'live.api_keys.binance', new_value: 'S3CRET-value-1' })],
    ['a field named like a secret', patch({ api_key: 'S3CRET-value-1' })],
    ['a text that looks like a credential', patch({ note: 'ghp_S3CRETvalue1S3CRETvalue1S3CRETvalue1' })],
    ['a text that cannot be cleared', `${patch()}{"api_key": "S3CRET-value-1`],
  ])('%s: named, not published, and nowhere in the repository', async (_, content) => {
    const folder = gitFolder();
    folder.write(`${EVIDENCE}/secret.json`, content);
    folder.write(`${EVIDENCE}/sound.json`, patch());
    const run = await publish(folder);
    expect(run.exitCode).toBe(0);
    expect(placesOf(answerOf(run))).toContain('EVIDENCE_QUARANTINED secret.json');
    expect(`${run.stdout}${run.stderr}`).not.toMatch(/S3CRET/);
    expect(folder.changesOf(MANUAL)).toContain(`A ${EVIDENCE}/sound.json`);
    expect(folder.changesOf(MANUAL)).not.toContain(`A ${EVIDENCE}/secret.json`);
    const objects = folder.git('cat-file', '--batch-all-objects', '--batch');
    expect(objects).not.toMatch(/S3CRET/);
    expect(folder.read(`${EVIDENCE}/secret.json`)).toBe(content);
  });
});

describe('a governed file that differs from the commit', () => {
  const EDITS: Readonly<Record<string, (folder: GitFolder) => void>> = {
    'config/promotion.toml': (folder) =>
      folder.edit('config/promotion.toml', 'max_step = 0.25', 'max_step = 0.5'),
    'config/config.toml': (folder) => folder.edit('config/config.toml', 'leverage = 1.0', 'leverage = 1.1'),
    [AUTO]: (folder) => folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.1\n'),
    [LEARNED]: (folder) => folder.write(LEARNED, '[overrides]\n"portfolio.leverage" = 2.9\n'),
    [`${EVIDENCE}/operations-2026-11-19.jsonl`]: (folder) =>
      folder.write(`${EVIDENCE}/operations-2026-11-19.jsonl`, patch()),
  };

  test.each([
    ['edited', (folder, path) => EDITS[path]?.(folder)],
    [
      'edited and staged',
      (folder, path) => {
        EDITS[path]?.(folder);
        folder.git('add', '--all');
      },
    ],
    ['removed', (folder, path) => folder.remove(path)],
  ] as readonly [string, (folder: GitFolder, path: string) => void][])(
    'that is %s: exit 2, and no branch',
    async (_, change) => {
      await inParallel(Object.keys(EDITS), async (path) => {
        const folder = gitFolder();
        change(folder, path);
        expect
          .soft(await refused(folder), path)
          .toEqual([`GOVERNED_FILE_MODIFIED ${path.split('/').at(-1)}`]);
      });
    },
  );

  test('a learning.override.toml that holds just what is derived is not modified', async () => {
    const folder = gitFolder((one) => one.write(LEARNED, '[overrides]\n'));
    await runPeak(folder, ['learn']);
    expect(folder.git('status', '--porcelain')).toContain(LEARNED);
    expect(await published(folder)).toEqual([`${MANUAL} created`]);
  });

  test('files that are not governed may differ', async () => {
    const folder = gitFolder((one) => one.write('src/session.py', 'print()'));
    folder.write('src/session.py', 'print(1)');
    folder.write('README.md', 'new');
    expect(await published(folder)).toEqual([`${MANUAL} created`]);
    expect(folder.changesOf(MANUAL).join()).not.toContain('src/');
  });
});

describe('a place without what it takes', () => {
  test('no repository: exit 2', async () => {
    const folder = governedFolder();
    const run = await runPeak(folder, ['cycle', '--publish', 'branch', '--json']);
    expect(run.exitCode).toBe(2);
    expect(answerOf(run).problems.map(({ code }) => code)).toEqual(['NOT_A_REPOSITORY']);
    expect(run.stderr).toMatch(/^ {2}help: .*git init/m);
  });

  test('no commit yet: exit 2', async () => {
    const folder = gitFolder();
    folder.git('checkout', '--quiet', '--orphan', 'empty');
    const run = await publish(folder);
    expect(run.exitCode).toBe(2);
    expect(answerOf(run).problems.map(({ code }) => code)).toEqual(['NO_COMMIT']);
  });

  test('git not installed: exit 2 or 3 with help, never a bug', async () => {
    const folder = gitFolder();
    const run = await publish(folder, [], { env: { PATH: temporaryFolder() } });
    expect([2, 3]).toContain(run.exitCode);
    expect(run.stderr).toMatch(/^ {2}help: /m);
  });

  test('a detached HEAD will do', async () => {
    const folder = gitFolder();
    folder.git('checkout', '--quiet', '--detach');
    expect(await published(folder)).toEqual([`${MANUAL} created`]);
  });

  test('a governed folder below the top of the repository will do', async () => {
    const top = gitFolder();
    const inner = new GovernedFolder(top.path('desk'));
    for (const [path, bytes] of top.snapshot())
      if (/^(config|reports)\//.test(path)) inner.write(path, Buffer.from(bytes, 'latin1'));
    for (const path of ['config', 'reports']) top.remove(path);
    top.commitAll('move');
    inner.write(`${EVIDENCE}/new.json`, patch());
    const before = top.standing();
    const run = await runPeak(inner, ['cycle', '--publish', 'branch', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(top.standing()).toEqual(before);
    expect(top.changesOf(MANUAL)).toContain(`A desk/${EVIDENCE}/new.json`);
  });
});
