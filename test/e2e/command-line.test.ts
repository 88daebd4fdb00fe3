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

  test.each([
    ['learn'],
    ['promote'],
    ['cycle'],
    ['status'],
    ['signals'],
    ['why'],
    ['config', 'get', 'portfolio.leverage'],
    ['config', 'diff'],
  ])('peak %s %s answers {ok: false} when the policy and the base are broken', async (...args) => {
    const folder = governedFolder();
    folder.write('config/promotion.toml', '[promotion]\nmode = 1\n');
    folder.write('config/config.toml', 'broken');
    const run = await runPeak(folder, [...args, '--json']);
    expect(run.exitCode).toBe(2);
    const { ok, problems } = answerOf(run);
    expect(ok).toBe(false);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem).toMatchObject({ severity: 'error', file: expect.any(String) });
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
    [['cycel'], /did you mean cycle/i],
    [['config', 'shwo'], /did you mean show/i],
    [['signal', 'emmit'], /did you mean emit/i],
    [['cycle', '--jsno'], /did you mean --json/i],
    [['cycle', '--dryrun'], /did you mean --dry-run/i],
    [['promote', '--auto-aply-mode', 'disabled'], /did you mean --auto-apply-mode/i],
    [['config', 'get', 'a', '--no-override'], /did you mean --no-overrides/i],
  ])('%j: exit 2 with a suggestion', async (args, suggestion) => {
    const run = await runPeak(governedFolder(), args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(suggestion);
    expect(run.stderr).toMatch(/--help/);
  });

  test.each([
    [[]],
    [['xyzzy']],
    [['cycle', '--xyzzy']],
    [['cycle', 'extra']],
    [['config']],
    [['config', 'get']],
    [['signal']],
    [['cycle', '--publish', 'everywhere']],
    [['cycle', '--root']],
    [['config', 'show', '--format']],
  ])('%j: exit 2, and nothing on stdout', async (args) => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const run = await runPeak(folder, args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).not.toBe('');
    expect(folder.snapshot()).toEqual(before);
  });

  test('is not shown raw', async () => {
    for (const args of [['\u001b[31mx'], ['cycle', '--\u001b[31mx'], ['cycle', '--publish', '\u001b[31mx']]) {
      const run = await runPeak(governedFolder(), args);
      expect(run.exitCode).toBe(2);
      expect.soft(run.stderr, args.join(' ')).not.toContain('\u001b');
    }
  });
});

describe('help and version', () => {
  test.each([
    ['--help'],
    ['help'],
    ['help', 'cycle'],
    ['cycle', '--help'],
    ['config', '--help'],
    ['config', 'get', '-h'],
  ])('%s %s is a result: stdout, exit 0', async (...args) => {
    const run = await runPeak(governedFolder(), args);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^Usage: peak/);
  });

  test.each(['--version', '-V'])('%s prints the version of the package', async (flag) => {
    const run = await runPeak(temporaryFolder(), [flag]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('SOURCE_DATE_EPOCH', () => {
  test.each(['yesterday', '-1', '1.5', '1e9', '0x10', '999999999999', ' 1'])(
    '%j is no time: exit 2',
    async (value) => {
      const folder = governedFolder();
      const before = folder.snapshot();
      const run = await runPeak(folder, ['cycle'], { env: { SOURCE_DATE_EPOCH: value } });
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).toContain('SOURCE_DATE_EPOCH');
      expect(folder.snapshot()).toEqual(before);
    },
  );

  test.each([undefined, ''])('%j means now', async (value) => {
    const run = await runPeak(governedFolder(), ['status', '--json'], { env: { SOURCE_DATE_EPOCH: value } });
    expect(run.exitCode).toBe(0);
  });

  test.each(['0', '253402300799'])('%s is a time like any other', async (value) => {
    const run = await runPeak(governedFolder(), ['cycle'], { env: { SOURCE_DATE_EPOCH: value } });
    expect(run.exitCode).toBe(0);
  });
});

describe('peak signal emit', () => {
  test.each([
    [['--target', '__proto__.x', '--value', '1'], 2],
    [['--target', 'a"b', '--value', '1'], 2],
    [['--target', 'a\nb', '--value', '1'], 2],
    [['--target', 'a.b', '--value', '1e999'], 2],
    [['--target', 'a.b', '--value', '1', '--confidence', 'NaN'], 2],
    [['--target', 'a.b', '--value', '1', '--confidence', '2'], 2],
    [['--target', 'a.b', '--value', '1', '--created-at', 'soon'], 2],
    [['--target', 'a.b', '--value', '1', '--source', '../../etc'], 2],
    [['--target', 'a.b', '--value', '1', '--source', 'a\u001b[31m'], 2],
    [['--health-score', '101'], 2],
    [['--target', 'a.b'], 2],
    [['--file', 'nowhere.json'], 2],
    [['--file', 'config'], 2],
  ])('%j: exit %i, and nothing is written', async (args, exitCode) => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const run = await runPeak(folder, ['signal', 'emit', ...args]);
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).toMatch(/^error: /);
    expect(run.stderr).not.toContain('\u001b');
    expect(folder.snapshot()).toEqual(before);
  });

  test.each([
    ['a path for an id', { signal_id: '../../config/config' }],
    ['an absolute path for an id', { signal_id: '/tmp/x' }],
    ['a hidden file for an id', { signal_id: '.hidden' }],
    ['a line break in an id', { signal_id: 'a\nb' }],
    ['an unknown field', { surprise: 1 }],
    ['no changes list', { recommended_changes: 5 }],
  ])('refuses %s', async (_, fields) => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const signal = {
      schema_version: 1,
      signal_id: 'x-1',
      source: 'test',
      created_at: '2026-11-21T00:00:00Z',
      recommended_changes: [{ target: 'portfolio.leverage', new_value: 1.2 }],
      ...fields,
    };
    const run = await runPeak(folder, ['signal', 'emit', '--file', '-', '--json'], {
      input: JSON.stringify(signal),
    });
    expect(run.exitCode).toBe(2);
    expect(answerOf(run).ok).toBe(false);
    expect(folder.snapshot()).toEqual(before);
  });

  test.each(['', '{', '[]', 'null', '['.repeat(100_000), '\u0000'])(
    'refuses the input %.10j',
    async (input) => {
      const folder = governedFolder();
      const before = folder.snapshot();
      const run = await runPeak(folder, ['signal', 'emit', '--file', '-'], { input });
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(folder.snapshot()).toEqual(before);
    },
  );
});
