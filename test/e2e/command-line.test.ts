import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/cli/answer.ts';
import { governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const EMIT = ['signal', 'emit', '--target', 'portfolio.leverage', '--value', '1.2', '--confidence', '0.9'];
const COMMANDS: readonly (readonly string[])[] = [
  ['learn'],
  ['promote'],
  ['cycle'],
  ['status'],
  ['signals'],
  ['signals', '--latest'],
  ['proposals'],
  ['why'],
  ['why', 'portfolio.leverage'],
  ['config', 'get', 'portfolio.leverage'],
  ['config', 'show'],
  ['config', 'diff'],
  EMIT,
];

describe('--json', () => {
  test('answers one JSON object on stdout, and nothing on stderr', { timeout: 60_000 }, async () => {
    await inParallel(COMMANDS, async (args) => {
      const run = await runPeak(governedFolder(), [...args, '--json']);
      expect.soft(run, args.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      expect.soft(answerOf(run), args.join(' ')).toBeTypeOf('object');
    });
  });

  test('of config show is the configuration or nothing: a failure must not look like one', async () => {
    const folder = governedFolder();
    folder.write('config/config.toml', 'broken');
    expect(await runPeak(folder, ['config', 'show', '--json'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('answers {ok: false} when the outside world fails, too', async () => {
    const folder = governedFolder();
    folder.remove('config/config.toml');
    folder.write('config/config.toml/x', '');
    for (const command of ['cycle', 'status']) {
      const run = await runPeak(folder, [command, '--json']);
      expect(run.exitCode).toBe(3);
      expect(answerOf(run).ok).toBe(false);
    }
  });

  test('answers {ok: false} when nothing is found', async () => {
    const folder = governedFolder();
    for (const args of [
      ['signals', 'nothing'],
      ['proposals', 'nothing'],
      ['proposals', '--latest'],
      ['config', 'get', 'x'],
    ]) {
      const run = await runPeak(folder, [...args, '--json']);
      expect(run.exitCode).toBe(1);
      expect(answerOf(run)).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    }
  });
});

describe('stdout', () => {
  test('holds the result, stderr nothing', { timeout: 60_000 }, async () => {
    await inParallel(COMMANDS, async (args) => {
      const run = await runPeak(governedFolder(), args);
      expect.soft(run, args.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      expect.soft(run.stdout, args.join(' ')).toMatch(/\S\n$/);
    });
  });
});

describe('--root', () => {
  test.each([['learn'], ['cycle'], ['status'], ['signals'], ['config', 'get', 'portfolio.leverage'], EMIT])(
    'peak %s works on a folder elsewhere, and leaves the working directory alone',
    async (...args) => {
      const folder = governedFolder();
      const elsewhere = temporaryFolder();
      const [there, here] = [
        await runPeak(folder, [...args, '--root', folder.root], { cwd: elsewhere }),
        await runPeak(governedFolder(), args),
      ];
      expect(there).toEqual(here);
      expect(execFileSync('find', ['.', '-mindepth', '1'], { cwd: elsewhere, encoding: 'utf8' })).toBe('');
    },
  );

  test.each(['nowhere', 'config/config.toml', 'nowhere\u001b[31m'])(
    '%j is no folder: exit 2',
    async (root) => {
      const run = await runPeak(governedFolder(), ['status', '--root', root]);
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).toContain('--root');
      expect(run.stderr).not.toContain('\u001b');
    },
  );

  test('a folder that is not governed: exit 2 with what is missing', async () => {
    const run = await runPeak(temporaryFolder(), ['cycle', '--json']);
    expect(run.exitCode).toBe(2);
    expect(
      answerOf(run)
        .problems.map(({ code }) => code)
        .sort(),
    ).toEqual(['BASE_MISSING', 'POLICY_MISSING']);
  });
});

describe('a mistyped command line', () => {
  test.each([
    [['lern'], /did you mean learn/i],
    [['cycle', '--dryrun'], /did you mean --dry-run/i],
    [[], /^Usage: peak/],
  ])('%j: exit 2 with a suggestion, and nothing on stdout', async (args, suggestion) => {
    const run = await runPeak(governedFolder(), args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(suggestion);
  });
});

describe('help and version', () => {
  test('--help is a result: stdout, exit 0', async () => {
    const run = await runPeak(governedFolder(), ['cycle', '--help']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^Usage: peak cycle/);
  });

  test.each(['--version', '-V'])('%s prints the version of the package', async (flag) => {
    const run = await runPeak(temporaryFolder(), [flag]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  test('that is no time: exit 2, and nothing is written', async () => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const run = await runPeak(folder, ['cycle'], { env: { SOURCE_DATE_EPOCH: 'yesterday' } });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('SOURCE_DATE_EPOCH');
    expect(folder.snapshot()).toEqual(before);
  });

  test('that is not set means now', async () => {
    const run = await runPeak(governedFolder(), ['status'], { env: { SOURCE_DATE_EPOCH: undefined } });
    expect(run.exitCode).toBe(0);
  });
});

describe('peak signal emit --file -', () => {
  test.each(['', '{', '['.repeat(100_000)])('refuses the input %.10j', async (input) => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const run = await runPeak(folder, ['signal', 'emit', '--file', '-'], { input });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(folder.snapshot()).toEqual(before);
  });
});
