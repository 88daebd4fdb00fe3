import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { answerOf, placesOf, saidIn } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { type Run, type RunOptions, runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'config/live_overrides/auto.toml';

/** A folder after a promotion of the leverage to 1.25. */
function promoted(): GovernedFolder {
  const folder = governedFolder();
  folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n');
  return folder;
}

function leverage(folder: GovernedFolder, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return runPeak(folder, ['config', 'get', 'portfolio.leverage', ...args], options);
}

describe('live overrides', () => {
  test.each([
    ['live', '1.25\n'],
    ['paper', '1.0\n'],
  ])('in %s load a leverage of %s', async (env, stdout) => {
    expect(await leverage(promoted(), ['--env', env])).toMatchObject({ exitCode: 0, stdout, stderr: '' });
  });

  test('apply by environment.mode of the base configuration', async () => {
    const folder = promoted();
    folder.edit('config/config.toml', 'mode = "paper"', 'mode = "shadow"');
    expect(await leverage(folder, [])).toMatchObject({ stdout: '1.25\n' });
    expect(await leverage(folder, ['--env', 'paper'])).toMatchObject({ stdout: '1.0\n' });
  });

  test('apply in paper only by --force', async () => {
    expect(await leverage(promoted(), ['--force'])).toMatchObject({ exitCode: 0, stdout: '1.25\n' });
  });

  test('enable_live_trading in paper is a warning, not a licence', async () => {
    const folder = promoted();
    folder.edit('config/config.toml', 'enable_live_trading = false', 'enable_live_trading = true');
    const run = await leverage(folder, []);
    expect(run).toMatchObject({ exitCode: 0, stdout: '1.0\n' });
    expect(saidIn(run)).toEqual([expect.stringContaining('enable_live_trading')]);
  });

  test('are told on stderr by config show, one line each', async () => {
    const run = await runPeak(promoted(), ['config', 'show', '--env', 'live']);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toBe(
      '[peak_config] Applying 1 live auto-override from config/live_overrides/auto.toml\n' +
        '[peak_config]   portfolio.leverage = 1.25\n',
    );
    expect(run.stdout).toContain('leverage = 1.25\n');
  });

  test('missing auto.toml loads normally', async () => {
    const folder = governedFolder();
    folder.remove('config/live_overrides');
    expect(await leverage(folder, ['--env', 'live'])).toMatchObject({
      exitCode: 0,
      stdout: '1.0\n',
      stderr: '',
    });
  });
});

describe('a live session on base values', () => {
  test.each([
    ['--no-overrides', ['--no-overrides'], {}],
    ['PEAK_NO_OVERRIDES=1', [], { PEAK_NO_OVERRIDES: '1' }],
    ['PEAK_NO_OVERRIDES=true', [], { PEAK_NO_OVERRIDES: 'true' }],
    ['both', ['--no-overrides'], { PEAK_NO_OVERRIDES: '1' }],
    ['--force beside it', ['--no-overrides', '--force'], {}],
  ])('by %s, with one loud line', async (_, args, env) => {
    const folder = promoted();
    expect((await leverage(folder, ['--env', 'live', ...args], { env })).stdout).toBe('1.0\n');
    const shown = await runPeak(folder, ['config', 'show', '--env', 'live', ...args], { env });
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('leverage = 1.0\n');
    expect(shown.stderr).toMatch(/^[^\n]*WARNING[^\n]*BASE VALUES\n$/);
  });

  test.each(['', '0'])('not by PEAK_NO_OVERRIDES=%j', async (value) => {
    const run = await leverage(promoted(), ['--env', 'live'], { env: { PEAK_NO_OVERRIDES: value } });
    expect(run).toMatchObject({ stdout: '1.25\n', stderr: '' });
  });
});

describe('--offline', () => {
  test('applies what System 1 recommends, in research runs', async () => {
    const folder = promoted();
    folder.write('config/auto/learning.override.toml', '[overrides]\n"strategy.ma_fast_period" = 12\n');
    const run = await runPeak(folder, ['config', 'show', '--offline', '--json']);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      portfolio: { leverage: 1 },
      strategy: { ma_fast_period: 12 },
    });
  });

  test('is refused in live, whatever else is asked for', async () => {
    const run = await leverage(promoted(), ['--offline', '--force', '--no-overrides', '--env', 'LIVE']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('peak config get', () => {
  test.each([
    ['portfolio.leverage', '1.0'],
    ['portfolio.max_positions', '5'],
    ['portfolio.rebalance_frequency', 'daily'],
    ['environment.enable_live_trading', 'false'],
  ])('%s prints %s and nothing else', async (target, value) => {
    const run = await runPeak(governedFolder(), ['config', 'get', target]);
    expect(run).toMatchObject({ exitCode: 0, stdout: `${value}\n`, stderr: '' });
  });

  test('a table is JSON', async () => {
    const run = await runPeak(governedFolder(), ['config', 'get', 'risk']);
    expect(JSON.parse(run.stdout)).toEqual({ stop_loss: 0.02, max_position: 0.1 });
  });

  test('warns only about its own target', async () => {
    const folder = governedFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 9.0\n"gone.target" = 1\n');
    const run = await leverage(folder, ['--env', 'live', '--json']);
    expect(placesOf(answerOf(run))).toEqual(['OVERRIDE_HARD_LIMIT auto.toml']);
  });
});

describe('peak config show', () => {
  test('--format json parses, and keeps floats apart from whole numbers', async () => {
    const run = await runPeak(promoted(), ['config', 'show', '--env', 'live', '--format', 'json']);
    expect(JSON.parse(run.stdout)).toMatchObject({ portfolio: { leverage: 1.25, max_positions: 5 } });
    expect(run.stdout).toContain('"take_profit": 0.05');
    expect(run.stdout).toContain('"trigger_delay": 10.0');
  });

  test('--format env can be read by a shell', async () => {
    const folder = promoted();
    folder.edit('config/config.toml', 'name = "ma_crossover"', `name = "it's $(reboot) \`x\` \\\\ \\" end"`);
    const run = await runPeak(folder, ['config', 'show', '--env', 'live', '--format', 'env']);
    folder.write('values.env', run.stdout);
    const script = '. ./values.env; printf "%s|%s" "$PORTFOLIO_LEVERAGE" "$STRATEGY_NAME"';
    const seen = execFileSync('sh', ['-c', script], { cwd: folder.root, encoding: 'utf8' });
    expect(seen).toBe('1.25|it\'s $(reboot) `x` \\ " end');
  });

  test('the TOML it prints loads as the same configuration', async () => {
    const folder = promoted();
    const first = await runPeak(folder, ['config', 'show']);
    folder.write('config/config.toml', first.stdout);
    expect((await runPeak(folder, ['config', 'show'])).stdout).toBe(first.stdout);
  });

  test('an unknown format lists the known ones', async () => {
    const run = await runPeak(governedFolder(), ['config', 'show', '--format', 'xml']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('json, toml, env');
  });
});

describe('peak config diff', () => {
  test('tells what live overrides change, and what is ignored', async () => {
    const folder = governedFolder();
    folder.write(AUTO, '[auto_applied]\n"portfolio.leverage" = 1.25\n"gone.target" = 1\n');
    const run = await runPeak(folder, ['config', 'diff', '--env', 'live']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/portfolio\.leverage\s+1\.0\s+1\.25/);
    expect(run.stderr).toContain('gone.target');
    const json = answerOf(await runPeak(folder, ['config', 'diff', '--env', 'live', '--json']));
    expect(placesOf(json)).toEqual(['OVERRIDE_UNKNOWN_TARGET auto.toml']);
  });
});
