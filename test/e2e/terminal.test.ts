/** Colours, pipes, and text that wants to be more than text. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import {
  cleanEnvironment,
  peakCommand,
  type Run,
  runCommand,
  runPeak,
  runShell,
} from '../support/cli/run-peak.ts';

const ESCAPE = '\u001b';
const COMMANDS = [
  ['learn'],
  ['cycle'],
  ['status'],
  ['signals'],
  ['proposals'],
  ['config', 'diff', '--env', 'live'],
];
/** A terminal of its own for the command (util-linux); its streams are one. */
const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

/** A folder with something of every colour in it: a promotion, a rejection, a problem. */
function colourful(): GovernedFolder {
  const folder = governedFolder();
  folder.setMode('bounded_auto');
  folder.write('reports/learning_snippets/broken.json', '{');
  return folder;
}

function onTerminal(
  folder: GovernedFolder,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Run> {
  const words = [...peakCommand(), ...args].map((word) => `'${word}'`).join(' ');
  return runCommand(['script', '-qec', words, '/dev/null'], {
    cwd: folder.root,
    env: { ...cleanEnvironment(), TERM: 'xterm-256color', ...env },
  });
}

describe('colours', () => {
  test.each([
    ['into a pipe: none', {}, false],
    ['NO_COLOR=1: none', { NO_COLOR: '1' }, false],
    ['FORCE_COLOR=1: some', { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0: none', { FORCE_COLOR: '0' }, false],
  ])('%s', async (_, env, coloured) => {
    const folder = colourful();
    await inParallel(coloured ? COMMANDS : COMMANDS.slice(0, 2), async (args) => {
      const run = await runPeak(folder, args, { env });
      expect(run.exitCode).toBe(0);
      expect(run.stdout.includes(ESCAPE), args.join(' ')).toBe(coloured);
      if (run.stderr !== '') expect(run.stderr.includes(ESCAPE), args.join(' ')).toBe(coloured);
    });
  });

  test('say nothing that the plain text does not', async () => {
    const [plain, coloured] = await Promise.all(
      [{}, { FORCE_COLOR: '1' }].map((env) => runPeak(colourful(), ['cycle'], { env })),
    );
    expect(coloured?.stdout.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(plain?.stdout);
    expect(coloured?.stderr.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(plain?.stderr);
  });

  test('never stand in JSON', async () => {
    const folder = colourful();
    await inParallel(COMMANDS, async (args) => {
      const run = await runPeak(folder, [...args, '--json'], { env: { FORCE_COLOR: '1' } });
      expect(run.stdout).not.toContain(ESCAPE);
    });
  });

  test.skipIf(!hasTerminal).each([
    ['some', {}, true],
    ['none with NO_COLOR', { NO_COLOR: '1' }, false],
    ['none on a dumb one', { TERM: 'dumb' }, false],
  ])('on a terminal: %s', async (_, env, coloured) => {
    const run = await onTerminal(colourful(), ['cycle'], env);
    expect(run.exitCode).toBe(0);
    expect(run.stdout.includes(ESCAPE)).toBe(coloured);
  });
});

describe('a pipe that is closed early', () => {
  test.each([
    ['stdout', '"$@" signals --json | head -c 10 >/dev/null'],
    ['stdout at once', '{ sleep 0.3; "$@" cycle --json; echo "code $?" >&2; } | true'],
    ['stdout of --version', '{ sleep 0.3; "$@" --version; echo "code $?" >&2; } | true'],
    ['stdout of --help', '{ sleep 0.3; "$@" --help; echo "code $?" >&2; } | true'],
  ])("%s is nobody's mistake", async (_, script) => {
    const folder = governedFolder();
    for (let i = 0; i < 200; i += 1)
      folder.write(`reports/learning_snippets/many/${i}.json`, `{"target": "a.b${i}", "new_value": 1}`);
    const run = await runShell(script, folder.root);
    expect(run.stderr).toMatch(/^(code 0\n)?$/);
  });

  test('stderr does not break the run', async () => {
    const folder = governedFolder();
    for (let i = 0; i < 200; i += 1) folder.write(`reports/learning_snippets/broken/${i}.json`, '{');
    const script = '{ { sleep 0.3; "$@" cycle 3>&- ; echo "code $?" >&3; } 2>&1 >/dev/null | true; } 3>&1';
    const run = await runShell(script, folder.root);
    expect(run.stdout).toBe('code 0\n');
    expect(folder.leftovers()).toEqual([]);
  });

  test('a large answer reaches a slow reader whole', async () => {
    const folder = governedFolder();
    for (let i = 0; i < 3000; i += 1)
      folder.write(`reports/learning_snippets/many/${i}.json`, `{"target": "a.b${i}", "new_value": 1}`);
    const run = await runShell('"$@" signals --json | { sleep 1; cat; }', folder.root);
    expect(run.stdout.length).toBeGreaterThan(200_000);
    expect(() => JSON.parse(run.stdout)).not.toThrow();
  });
});

describe('closed standard streams', () => {
  test.each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])(
    '%s: the files are written all the same',
    async (redirection) => {
      const folder = governedFolder();
      folder.setMode('bounded_auto');
      await runShell(`"$@" cycle ${redirection}`, folder.root);
      expect(folder.read('config/live_overrides/auto.toml')).toContain('"portfolio.leverage" = 1.25\n');
      expect(folder.leftovers()).toEqual([]);
      expect(await runPeak(folder, ['config', 'get', 'portfolio.leverage', '--env', 'live'])).toMatchObject({
        stdout: '1.25\n',
      });
    },
  );
});

describe('hostile text', () => {
  const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202etxt\r\nerror: fake\u2028';
  const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

  /** A folder with such a text wherever a text may stand. */
  function hostileFolder(): GovernedFolder {
    const folder = governedFolder();
    const signal = {
      schema_version: 1,
      signal_id: `id ${HOSTILE}`,
      source: 'operations',
      created_at: '2026-11-21T00:00:00Z',
      experiment_id: HOSTILE,
      confidence: 0.9,
      summary: HOSTILE,
      recommended_changes: [
        { target: 'portfolio.rebalance_frequency', old_value: HOSTILE, new_value: HOSTILE },
        { target: HOSTILE, new_value: 1 },
      ],
      [HOSTILE]: HOSTILE,
    };
    const file = 'reports/learning_snippets/hostile';
    folder.write(`${file}.json`, JSON.stringify(signal));
    folder.write(`${file}-2.json`, JSON.stringify({ ...signal, confidence: 0.8 }));
    folder.write(`${file}.jsonl`, `{"a": ${HOSTILE}\n`);
    return folder;
  }

  test('in evidence never reaches a terminal raw', async () => {
    const folder = hostileFolder();
    await inParallel(
      [['learn'], ['cycle'], ['signals'], ['status'], ['proposals'], ['proposals', '--latest'], ['why']],
      async (args) => {
        const run = await runPeak(folder, args);
        expect.soft(run.exitCode, args.join(' ')).toBe(0);
        expect.soft(run.stdout, args.join(' ')).not.toMatch(RAW);
        expect.soft(run.stderr, args.join(' ')).not.toMatch(RAW);
        expect.soft(run.stderr, args.join(' ')).not.toMatch(/^error: fake/m);
      },
    );
  });

  test('in configuration files never reaches a terminal raw', async () => {
    const folder = governedFolder();
    const key = JSON.stringify(HOSTILE);
    folder.write(
      'config/live_overrides/auto.toml',
      `[auto_applied]\n${key} = 1\n"portfolio.leverage" = ${key}\n`,
    );
    await inParallel(
      [['cycle'], ['status'], ['config', 'show', '--env', 'live'], ['config', 'diff', '--env', 'live']],
      async (args) => {
        const run = await runPeak(folder, args);
        expect.soft(`${run.stdout}${run.stderr}`, args.join(' ')).not.toMatch(RAW);
      },
    );
    folder.write('config/live_overrides/auto.toml', '[auto_applied]\n');
    folder.edit('config/promotion.toml', 'lock = false', `lock = false\n${key} = 1`);
    await inParallel([['cycle'], ['status']], async (args) => {
      const run = await runPeak(folder, args);
      expect(run.exitCode).toBe(2);
      expect.soft(`${run.stdout}${run.stderr}`, args.join(' ')).not.toMatch(RAW);
    });
  });

  test('as the value of a parameter is shown escaped by show and diff', async () => {
    const folder = governedFolder();
    folder.write(
      'config/live_overrides/auto.toml',
      `[auto_applied]\n"portfolio.rebalance_frequency" = ${JSON.stringify(HOSTILE)}\n`,
    );
    await inParallel([['show'], ['show', '--format', 'json'], ['diff']], async (args) => {
      const run = await runPeak(folder, ['config', ...args, '--env', 'live']);
      expect(run.exitCode).toBe(0);
      expect.soft(`${run.stdout}${run.stderr}`, args.join(' ')).not.toMatch(RAW);
    });
  });

  test.skipIf(!hasTerminal)('as the value of a parameter is not played by a terminal', async () => {
    const folder = governedFolder();
    folder.write(
      'config/live_overrides/auto.toml',
      `[auto_applied]\n"portfolio.rebalance_frequency" = ${JSON.stringify(HOSTILE)}\n`,
    );
    await inParallel(
      [
        ['get', 'portfolio.rebalance_frequency'],
        ['show', '--format', 'env'],
      ],
      async (args) => {
        const run = await onTerminal(folder, ['config', ...args, '--env', 'live'], { NO_COLOR: '1' });
        expect(run.exitCode).toBe(0);
        expect.soft(run.stdout, args.join(' ')).not.toContain(ESCAPE);
      },
    );
  });
});
