/** What a person who does not know this product yet is told. */
import { describe, expect, test } from 'vitest';
import { type Answer, answerOf, placesOf } from '../support/cli/answer.ts';
import { gitFolder } from '../support/cli/git-folder.ts';
import { governedFolder } from '../support/cli/governed-folder.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'config/live_overrides/auto.toml';
const LEARNED = 'config/auto/learning.override.toml';

describe('signal emit', () => {
  const emit = ['signal', 'emit', '--json', '--target', 'portfolio.leverag', '--value', '1.25'];

  test('writes what promotion would refuse, and warns', async () => {
    const folder = governedFolder();
    const run = await runPeak(folder, emit);
    expect(run.exitCode).toBe(0);
    const answer = answerOf<{ path: string; state: string } & Answer>(run);
    expect(answer.state).toBe('written');
    expect(placesOf(answer)).toEqual([expect.stringContaining('SIGNAL_UNPROMISING')]);
    expect(folder.read(answer.path)).toContain('portfolio.leverag');
  });

  test('warns on stderr alone', async () => {
    const run = await runPeak(
      governedFolder(),
      emit.filter((arg) => arg !== '--json'),
    );
    expect(run.stdout.split('\n')).toHaveLength(2);
    expect(run.stderr).toContain('portfolio.leverag');
  });
});

describe('config diff', () => {
  test.each([
    [['--env', 'live'], []],
    [['--env', 'paper'], ['portfolio.leverage']],
    [['--env', 'live', '--no-overrides'], ['portfolio.leverage']],
  ])('names what is not applied: %j', async (args, expected) => {
    const folder = governedFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n"portfolio.unknown" = 1\n');
    const run = await runPeak(folder, ['config', 'diff', '--json', ...args]);
    expect(answerOf<{ not_applied: string[] } & Answer>(run).not_applied).toEqual(expected);
  });

  test('names it also when the environment switches overrides off', async () => {
    const folder = governedFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
    const env = { PEAK_NO_OVERRIDES: '1' };
    const run = await runPeak(folder, ['config', 'diff', '--env', 'live'], { env });
    expect(run.stdout).toContain('portfolio.leverage');
  });
});

test('cycle says what it wrote for offline runs', async () => {
  const folder = governedFolder();
  const states = [];
  for (let i = 0; i < 2; i += 1) {
    const run = await runPeak(folder, ['cycle', '--json']);
    const told = answerOf<{ learning_override: unknown } & Answer>(run).learning_override;
    states.push(told);
  }
  expect(states).toEqual([
    { path: LEARNED, overrides: 7, state: 'written' },
    { path: LEARNED, overrides: 7, state: 'unchanged' },
  ]);
  expect((await runPeak(folder, ['cycle'])).stdout).toContain(LEARNED);
});

test('why shows each piece of evidence with its value and confidence', async () => {
  const run = await runPeak(governedFolder(), ['why', 'portfolio.leverage']);
  expect(run.stdout).toContain('1.25 (confidence 0.925)');
  expect(run.stdout).toContain('1.25 (confidence 0.850)');
});

describe('proposals that are published and not merged', () => {
  test('are named by status and proposals, and no longer when they are merged', async () => {
    const folder = gitFolder();
    await runPeak(folder, ['cycle', '--publish', 'branch']);
    const waiting = async (command: string) =>
      answerOf<{ waiting: { branch: string }[] } & Answer>(
        await runPeak(folder, [command, '--json']),
      ).waiting.map(({ branch }) => branch);
    expect(await waiting('status')).toEqual(['peak/promotion/manual']);
    expect(await waiting('proposals')).toEqual(['peak/promotion/manual']);
    expect((await runPeak(folder, ['status'])).stdout).toContain('peak/promotion/manual');
    folder.git('add', 'reports/learning_snippets');
    folder.git('merge', '--quiet', '--no-ff', '--no-edit', 'peak/promotion/manual');
    expect(await waiting('status')).toEqual([]);
    expect(await waiting('proposals')).toEqual([]);
  });
});
