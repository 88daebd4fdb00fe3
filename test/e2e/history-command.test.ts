/** `peak history`: what was live, told from Git. */
import { describe, expect, test } from 'vitest';
import { answerOf, placesOf } from '../support/cli/answer.ts';
import { gitFolder } from '../support/cli/git-folder.ts';
import { governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { PromotedFolder } from '../support/history/promoted-folder.ts';
import { AuditedLine } from '../support/review/audited-line.ts';
import { GovernedRepo } from '../support/review/governed-repo.ts';

const REAL_CLOCK = { SOURCE_DATE_EPOCH: '' };

interface Entry {
  readonly time: string;
  readonly kind: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly proposals: readonly string[];
  readonly pull_request_hint: number | null;
  readonly taken_back: { readonly reason: string | null } | null;
}

/** `kind from to` of each entry of a target. */
async function told(tree: PromotedFolder, args: readonly string[] = []): Promise<readonly Entry[]> {
  const run = await runHere(tree.folder, ['history', 'portfolio.leverage', '--json', ...args]);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const [target] = answerOf(run)['targets'] as { entries: Entry[] }[];
  return target?.entries ?? [];
}

describe('peak history', () => {
  test('tells promotions, what took them back and why, and hints at pull requests', async () => {
    const tree = new PromotedFolder();
    const first = tree.promote({ 'portfolio.leverage': 1.25 });
    const second = tree.promote({ 'portfolio.leverage': 1.5 }, 'squash');
    const reason = '=HYPERLINK("x") drawdown';
    await runHere(tree.folder, ['rollback', second, '--reason', reason]);
    tree.folder.commitAll('back');
    const entries = await told(tree);
    expect(entries.map(({ kind, from, to, proposals }) => [kind, from, to, proposals])).toEqual([
      ['configuration', null, 1, []],
      ['promotion', 1, 1.25, [first]],
      ['promotion', 1.25, 1.5, [second]],
      ['rollback', 1.5, 1.25, [second]],
    ]);
    expect(entries.map((entry) => entry.pull_request_hint)).toEqual([null, null, 7, null]);
    expect(entries.map((entry) => entry.taken_back?.reason ?? null)).toEqual([null, null, reason, null]);
    const csv = await runHere(tree.folder, ['history', '--csv']);
    expect(csv.stdout.split('\r\n')).toHaveLength(6);
    expect(csv.stdout).toContain(`"'=HYPERLINK(""x"") drawdown"`);
  });

  test('tells a change by hand as what it is, and never as settled', async () => {
    const tree = new PromotedFolder();
    tree.folder.write('config/live_overrides/auto.toml', '[auto_applied]\n"portfolio.leverage" = 2.0\n');
    tree.folder.commitAll('Promote portfolio.leverage (#9)');
    expect((await told(tree)).map(({ kind, to }) => `${kind} ${to}`)).toEqual([
      'configuration 1',
      'unexplained 2',
    ]);
  });

  test('--why leads from the live value down to evidence, and says what became of it', async () => {
    const folder = gitFolder();
    await runHere(folder, ['cycle', '--publish', 'branch']);
    folder.git('merge', '--quiet', '--no-ff', '--no-edit', 'peak/promotion/manual');
    const why = async () => {
      const run = await runHere(folder, ['history', 'portfolio.leverage', '--why', '--json']);
      expect(run.exitCode).toBe(0);
      return answerOf(run);
    };
    const file = 'reports/learning_snippets/backtest-20261120T221500Z-leverage.json';
    const first = await why();
    expect(first).toMatchObject({
      live: 1.25,
      base: 1,
      set_by: { kind: 'promotion', lane: 'manual', from: 1 },
    });
    expect(first['evidence_files']).toContainEqual({ file, state: 'same' });
    folder.write(file, folder.read(file).replace('1.25', '1.26'));
    folder.commitAll('edited');
    expect((await why())['evidence_files']).toContainEqual({ file, state: 'changed' });
    folder.remove(file);
    folder.commitAll('removed');
    expect((await why())['evidence_files']).toContainEqual({ file, state: 'missing' });
  });

  test('--why names the pull request and the approvals that the note of the judge says', async () => {
    const repo = await GovernedRepo.create();
    try {
      const line = new AuditedLine(repo);
      const merge = line.merge();
      await line.judged(merge);
      const why = await runHere(repo, ['history', 'portfolio.leverage', '--why'], { env: REAL_CLOCK });
      expect(why.stdout).toContain('success for #12, approved by alice, says its note');
      const json = await runHere(repo, ['history', 'portfolio.leverage', '--why', '--json'], {
        env: REAL_CLOCK,
      });
      expect(answerOf(json)).toMatchObject({
        set_by: { verdict: { pull_request: 12, approvals: [{ id: 1, login: 'alice' }] } },
      });
      line.note(merge, '{"pull_request":13}\n');
      const forged = await runHere(repo, ['history', 'portfolio.leverage', '--json'], { env: REAL_CLOCK });
      expect(forged.stdout).not.toContain('13}');
    } finally {
      repo.destroy();
    }
  });

  test('a commit from the future is told as of now, and later ones keep their order', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    tree.folder.amendTime('2000000000 +0000');
    tree.promote({ 'portfolio.leverage': 1.5 });
    const times = (await told(tree)).map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    expect(times.every((time) => time <= '2026-11-21T22:26:40Z')).toBe(true);
  });

  test('--since leaves out what came before', async () => {
    const tree = new PromotedFolder();
    tree.promote({ 'portfolio.leverage': 1.25 });
    expect(await told(tree, ['--since', '2030-01-01'])).toEqual([]);
    expect(await told(tree, ['--since', '2020-01-01'])).toHaveLength(2);
  });

  test('shows no value of the never-list', async () => {
    const tree = new PromotedFolder();
    tree.folder.edit('config/config.toml', /stop_loss = [\d.]+/, 'stop_loss = 0.0777');
    tree.folder.commitAll('move');
    for (const args of [[], ['--json'], ['--csv']]) {
      const run = await runHere(tree.folder, ['history', ...args]);
      expect(run.stdout).toContain('risk.stop_loss');
      expect(run.stdout).not.toContain('0.0777');
    }
  });

  test.each<readonly [string, readonly string[]]>([
    ['a target that is none', ['../x']],
    ['--why without a target', ['--why']],
    ['a time that is none', ['--since', 'yesterday']],
    ['two forms', ['--csv', '--json']],
  ])('refuses %s', async (_, args) => {
    const run = await runHere(gitFolder(), ['history', ...args]);
    expect(run.exitCode).toBe(2);
  });

  test('without a commit there is none', async () => {
    const folder = gitFolder();
    folder.git('checkout', '--quiet', '--orphan', 'other');
    const run = await runHere(folder, ['history', '--json']);
    expect([run.exitCode, placesOf(answerOf(run))]).toEqual([2, ['NO_COMMIT']]);
  });

  test('outside Git there is none', async () => {
    const run = await runHere(governedFolder(), ['history', '--json']);
    expect([run.exitCode, placesOf(answerOf(run))]).toEqual([2, ['NOT_A_REPOSITORY']]);
  });
});
