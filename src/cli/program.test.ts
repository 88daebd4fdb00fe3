import { describe, expect, test } from 'vitest';
import { type Answer, answerOf, placesOf } from '../../test/support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../../test/support/cli/governed-folder.ts';
import { runHere } from '../../test/support/cli/run-here.ts';

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
    const run = await runHere(null, args);
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
    const run = await runHere(null, args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).not.toBe('');
    expect(folder.snapshot()).toEqual(before);
  });

  test('is not shown raw', async () => {
    for (const args of [['\u001b[31mx'], ['cycle', '--\u001b[31mx'], ['cycle', '--publish', '\u001b[31mx']]) {
      const run = await runHere(null, args);
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
    const run = await runHere(null, args);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^Usage: peak/);
  });
});

describe('an argument that is empty, as of a variable that is not set', () => {
  test.each([
    [['status', '--root', '']],
    [['signals', '--root=']],
    [['config', 'show', '--env', '']],
    [['config', 'get', 'portfolio.leverage', '--root', '']],
    [['why', '--env', '']],
    [['cycle', '--policy', '']],
  ])('%j: exit 2, and nothing is read or written', async (args) => {
    const run = await runHere(null, args);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(args.at(-1)?.replace('=', '') || args.at(-2));
  });
});

test('a policy that never ends is refused', async () => {
  const run = await runHere(governedFolder(), ['promote', '--policy', '/dev/zero', '--json']);
  expect(run.exitCode).toBe(2);
  expect(answerOf(run).problems.map(({ code, file }) => [code, file])).toEqual([
    ['ARGUMENT_INVALID', '/dev/zero'],
  ]);
});

test('peak proposals shows what somebody wrote into a checklist, and obeys nothing', async () => {
  const folder = governedFolder();
  await runHere(folder, ['promote']);
  const { path } = answerOf<Answer & { path: string }>(
    await runHere(folder, ['proposals', '--latest', '--json']),
  );
  folder.write(`${path}/OPERATOR_CHECKLIST.md`, '# Checklist\n\u001b[2J\u202eevil\r\nend\n');
  const run = await runHere(folder, ['proposals', '--latest']);
  expect(run.stdout).toBe('# Checklist\n\\u{1b}[2J\\u{202e}evil\\u{d}\nend\n');
});

describe('SOURCE_DATE_EPOCH', () => {
  test.each(['yesterday', '-1', '1.5', '1e9', '0x10', '999999999999', ' 1'])(
    '%j is no time: exit 2',
    async (value) => {
      const folder = governedFolder();
      const before = folder.snapshot();
      const run = await runHere(folder, ['cycle'], { env: { SOURCE_DATE_EPOCH: value } });
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).toContain('SOURCE_DATE_EPOCH');
      expect(folder.snapshot()).toEqual(before);
    },
  );

  test('set to nothing means now', async () => {
    const run = await runHere(governedFolder(), ['status'], { env: { SOURCE_DATE_EPOCH: '' } });
    expect(run.exitCode).toBe(0);
  });

  test.each(['0', '253402300799'])('%s is a time like any other', async (value) => {
    const run = await runHere(governedFolder(), ['cycle'], { env: { SOURCE_DATE_EPOCH: value } });
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
    [['--target', 'a.b', '--value', ''], 2],
    [['--target', 'a.b', '--value', '1', '--old-value', ''], 2],
    [['--target', 'a.b', '--value', 'NaN'], 2],
    [['--target', 'a.b', '--value', '-inf'], 2],
    [['--target', 'a.b', '--health-score', '90'], 2],
    [['--value', '1', '--health-score', '90'], 2],
    [['--health-score', '90', '--source', 'backtest'], 2],
    [['--file', '-', '--target', 'a.b', '--value', '1'], 2],
    [['--file', '-', '--source', 'backtest'], 2],
    [['--file', '/dev/zero'], 2],
    [['--file', ''], 2],
    [['--file', 'nowhere.json'], 2],
    [['--file', 'config'], 2],
  ])('%j: exit %i, and nothing is written', async (args, exitCode) => {
    const folder = governedFolder();
    const before = folder.snapshot();
    const run = await runHere(folder, ['signal', 'emit', ...args]);
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
    const run = await runHere(folder, ['signal', 'emit', '--file', '-', '--json'], {
      input: JSON.stringify(signal),
    });
    expect(run.exitCode).toBe(2);
    expect(answerOf(run).ok).toBe(false);
    expect(folder.snapshot()).toEqual(before);
  });

  test('names the place in a file that is not JSON', async () => {
    const folder = governedFolder();
    folder.write('signal.json', '{"a":\n 1,,}');
    const run = await runHere(folder, ['signal', 'emit', '--file', folder.path('signal.json')]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(/^error: \S*signal\.json:2:4: /);
  });

  test.each(['', '{', '[]', 'null', '['.repeat(100_000), '\u0000'])(
    'refuses the input %.10j',
    async (input) => {
      const folder = governedFolder();
      const before = folder.snapshot();
      const run = await runHere(folder, ['signal', 'emit', '--file', '-'], { input });
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(folder.snapshot()).toEqual(before);
    },
  );
});

const AUTO = 'config/live_overrides/auto.toml';
const LIVE_LIKE = ['live', 'live_dry_run', 'shadow', 'paper_live', 'testnet'];

/** A folder after a promotion of the leverage to 1.25. */
function promoted(): GovernedFolder {
  const folder = governedFolder();
  folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
  return folder;
}

describe('peak config', () => {
  test.each(LIVE_LIKE)('applies live overrides in %s', async (env) => {
    const run = await runHere(promoted(), ['config', 'get', 'portfolio.leverage', '--env', env]);
    expect(run).toMatchObject({ exitCode: 0, stdout: '1.25\n', stderr: '' });
  });

  test.each(['paper', 'backtest', 'live2', 'lives', 'live ', 'LIVE_'])('applies none in %j', async (env) => {
    const run = await runHere(promoted(), ['config', 'get', 'portfolio.leverage', '--env', env]);
    expect(run).toMatchObject({ exitCode: 0, stdout: '1.0\n', stderr: '' });
  });

  test.each(LIVE_LIKE)('refuses --offline in %s', async (env) => {
    const shown = await runHere(promoted(), ['config', 'show', '--offline', '--env', env]);
    expect(shown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(shown.stderr).toMatch(/^error: config\/config\.toml: .*\n {2}help: /);
    for (const args of [['get', 'portfolio.leverage'], ['diff']]) {
      const run = await runHere(promoted(), ['config', ...args, '--offline', '--env', env, '--json']);
      expect(run.exitCode).toBe(2);
      expect(placesOf(answerOf(run))).toEqual(['OFFLINE_IN_LIVE config.toml']);
    }
  });

  test.each([
    'portfolio.leverag',
    '__proto__.toString',
    'constructor',
    'portfolio.leverage.x',
    '',
    '.',
    '\u001b[31m',
  ])('%j is no parameter: exit 1 and nothing on stdout', async (target) => {
    const run = await runHere(governedFolder(), ['config', 'get', target]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).not.toContain('\u001b');
  });
});

describe('--json', () => {
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
    const run = await runHere(folder, [...args, '--json']);
    expect(run.exitCode).toBe(2);
    const { ok, problems } = answerOf(run);
    expect(ok).toBe(false);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem).toMatchObject({ severity: 'error', file: expect.any(String) });
  });
});

describe('peak signals', () => {
  const newest = { file: 'reports/learning_snippets/health.json', health_score: 41.5, changes: [] };

  test.each([[['signals', '--latest']], [['signals', 'health']]])(
    '%j shows a test-health signal that recommends nothing, with its score',
    async (args) => {
      const folder = governedFolder();
      folder.write(
        newest.file,
        JSON.stringify({
          source: 'test_health',
          created_at: '2026-11-21T22:20:00Z',
          metrics: { health_score: 41.5 },
        }),
      );
      const json = await runHere(folder, [...args, '--json']);
      expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, more: false, signals: [newest] });
      const text = await runHere(folder, args);
      expect(text).toMatchObject({ exitCode: 0, stderr: '' });
      expect(text.stdout).toMatch(/^2026-11-21T22:20:00Z +test_health +.*health\.json$/m);
      expect(text.stdout).toMatch(/^ +test health 41\.5$/m);
    },
  );
});
