import { execFileSync } from 'node:child_process';
import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer } from '../support/cli/answer.ts';
import { GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'config/live_overrides/auto.toml';
const ID = /^live_promotion_20261121T222640Z_[0-9a-f]{8}$/;

/** The same files, created in the opposite order and with other times. */
function turnedAround(folder: GovernedFolder): GovernedFolder {
  const copy = new GovernedFolder(temporaryFolder());
  for (const path of [...folder.snapshot().keys()].reverse()) {
    copy.write(path, readFileSync(folder.path(path)));
    utimesSync(copy.path(path), 1_000_000_000, 1_000_000_000);
  }
  return copy;
}

describe('peak cycle', () => {
  test('same inputs and clock: identical bytes, whatever the order of files, place, time zone or language', async () => {
    const one = governedFolder();
    one.setMode('bounded_auto');
    const other = turnedAround(one);
    const runs = [
      await runPeak(one, ['cycle']),
      await runPeak(one, ['cycle', '--root', other.root], {
        env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
      }),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(runs[1]?.stdout).toBe(runs[0]?.stdout);
    expect(other.snapshot()).toEqual(one.snapshot());
    expect(one.names('reports/live_promotion')).toHaveLength(2);
  });

  test('writes complete proposal folders, named by clock and change set', async () => {
    const folder = governedFolder();
    const answer = answerOf<CycleAnswer>(await runPeak(folder, ['cycle', '--json']));
    expect(answer.ok).toBe(true);
    const [proposal] = answer.proposals;
    expect(proposal?.id).toMatch(ID);
    expect(proposal?.id.endsWith(proposal.change_set_digest.slice(0, 8))).toBe(true);
    expect(folder.names(proposal?.path ?? '')).toEqual([
      'OPERATOR_CHECKLIST.md',
      'config_patches.json',
      'proposal_meta.json',
    ]);
    expect(folder.leftovers()).toEqual([]);
  });

  test('a second run writes nothing and keeps the folder', async () => {
    const folder = governedFolder();
    await runPeak(folder, ['cycle']);
    const before = folder.snapshot();
    const later = answerOf<CycleAnswer>(
      await runPeak(folder, ['cycle', '--json'], { env: { SOURCE_DATE_EPOCH: '1795300060' } }),
    );
    expect(later.proposals.map(({ state }) => state)).toEqual(['kept']);
    expect(folder.snapshot()).toEqual(before);
  });

  test('--dry-run tells the same and writes nothing, not even a lock', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const before = folder.snapshot();
    const dry = answerOf<CycleAnswer>(await runPeak(folder, ['cycle', '--dry-run', '--json']));
    expect(folder.snapshot()).toEqual(before);
    const real = answerOf<CycleAnswer>(await runPeak(folder, ['cycle', '--json']));
    expect(dry.proposals.map(({ id }) => id)).toEqual(real.proposals.map(({ id }) => id));
    expect(dry.proposals.every(({ state }) => state === 'dry_run')).toBe(true);
    expect(dry.auto_toml.state).toBe('dry_run');
  });

  test('without any evidence there is nothing to propose, which is no failure', async () => {
    const folder = governedFolder();
    folder.remove('reports');
    const before = folder.snapshot();
    const run = await runPeak(folder, ['promote']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/nothing to propose/i);
    expect(folder.snapshot()).toEqual(before);
  });

  test('says in Git which commit it started from', async () => {
    const folder = governedFolder();
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: folder.root,
        encoding: 'utf8',
      }).trim();
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'start');
    const answer = answerOf<CycleAnswer>(await runPeak(folder, ['cycle', '--json']));
    const meta: unknown = JSON.parse(
      folder.read(join(answer.proposals[0]?.path ?? '', 'proposal_meta.json')),
    );
    expect(meta).toMatchObject({ base_commit: git('rev-parse', 'HEAD') });
  });
});

describe('peak config', () => {
  test('paper and live differ after a promotion, and only after it', async () => {
    const folder = governedFolder();
    folder.setMode('bounded_auto');
    const leverage = async (env: string): Promise<string> =>
      (await runPeak(folder, ['config', 'get', 'portfolio.leverage', '--env', env])).stdout;
    expect([await leverage('paper'), await leverage('live')]).toEqual(['1.0\n', '1.0\n']);
    await runPeak(folder, ['cycle']);
    expect([await leverage('paper'), await leverage('live')]).toEqual(['1.0\n', '1.25\n']);
    folder.write(AUTO, '[auto_applied]\n');
    expect(await leverage('live')).toBe('1.0\n');
  });
});

describe('peak learn', () => {
  test('writes the override file for offline runs, and nothing else', async () => {
    const folder = governedFolder();
    folder.write('config/auto/learning.override.toml', '[overrides]\n');
    const before = new Map(folder.snapshot());
    const run = await runPeak(folder, ['learn', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const after = new Map(folder.snapshot());
    expect(after.get('config/auto/learning.override.toml')).toContain('"portfolio.leverage" = 1.25\n');
    before.delete('config/auto/learning.override.toml');
    after.delete('config/auto/learning.override.toml');
    expect(after).toEqual(before);
    const offline = await runPeak(folder, ['config', 'get', 'portfolio.leverage', '--offline']);
    expect(offline.stdout).toBe('1.25\n');
  });
});

describe('peak signal emit', () => {
  test('adds evidence that the next cycle uses, and never changes what is there', async () => {
    const folder = governedFolder();
    const args = [
      'signal',
      'emit',
      '--target',
      'strategy.ma_slow_period',
      '--value',
      '31',
      '--confidence',
      '0.9',
    ];
    const first = answerOf(await runPeak(folder, [...args, '--json']));
    expect(first).toMatchObject({ ok: true, state: 'written' });
    const before = folder.snapshot();
    expect(answerOf(await runPeak(folder, [...args, '--json']))).toMatchObject({ state: 'unchanged' });
    const signal = { ...(first['signal'] as object), summary: 'other content' };
    const clash = await runPeak(folder, ['signal', 'emit', '--file', '-', '--json'], {
      input: JSON.stringify(signal),
    });
    expect(clash.exitCode).toBe(2);
    expect(answerOf(clash).problems).toMatchObject([{ code: 'SIGNAL_EXISTS', file: first['path'] }]);
    expect(folder.snapshot()).toEqual(before);
    const cycle = answerOf<CycleAnswer>(await runPeak(folder, ['cycle', '--json']));
    expect(cycle.evidence.files).toBe(7);
  });
});
