/** An `auto.toml` that cannot be rewritten without losing something stays as it is, byte for byte. */
import { describe, expect, test } from 'vitest';
import { answerOf, type CycleAnswer, placesOf, saidIn } from '../support/cli/answer.ts';
import { type GovernedFolder, governedFolder } from '../support/cli/governed-folder.ts';
import { runHere } from '../support/cli/run-here.ts';
import { runPeak } from '../support/cli/run-peak.ts';

const AUTO = 'config/live_overrides/auto.toml';
const LEARNED = 'config/auto/learning.override.toml';
const DEEP = 100_000;

function folderWith(auto: string | Uint8Array): GovernedFolder {
  const folder = governedFolder();
  folder.setMode('bounded_auto');
  folder.write(AUTO, auto);
  return folder;
}

/** What stops the run: problems with their places; the last one says that nothing was rewritten. */
const REFUSED: Readonly<Record<string, readonly [string | Uint8Array, readonly string[]]>> = {
  'is not TOML': ['[auto_applied]\n"portfolio.leverage" = \n', ['TOML_INVALID auto.toml:2:24']],
  'is prose': ['to be done\n', ['TOML_INVALID auto.toml:1:4']],
  'has a key twice': ['[auto_applied]\n"a.b" = 1\n"a.b" = 2\n', ['TOML_INVALID auto.toml:3:1']],
  'has a conflict marker': ['<<<<<<< HEAD\n[auto_applied]\n', ['TOML_INVALID auto.toml:1:1']],
  'is cut off': ['[auto_applied]\n"portfolio.leverage" = 1.2\n"strategy.tri', ['TOML_INVALID auto.toml:3:1']],
  'is no table': ['auto_applied = 5\n', ['OVERRIDES_NOT_A_TABLE auto.toml']],
  'is an array of tables': [
    '[[auto_applied]]\n"portfolio.leverage" = 1.2\n',
    ['OVERRIDES_NOT_A_TABLE auto.toml'],
  ],
  'has another table': ['[auto_applied]\n"portfolio.leverage" = 1.2\n\n[mine]\nnote = "keep"\n', []],
  'has a key before the table': ['owner = "ops"\n[auto_applied]\n"portfolio.leverage" = 1.2\n', []],
  'sets a target in two ways': [
    '[auto_applied]\n"portfolio.leverage" = 1.2\nportfolio.leverage = 1.1\n',
    ['OVERRIDE_AMBIGUOUS auto.toml'],
  ],
  'has a value that no parameter can have': ['[auto_applied]\n"portfolio.leverage" = [1.2]\n', []],
  'has a date for a value': ['[auto_applied]\n"portfolio.leverage" = 2026-01-01\n', []],
  'has a name that is no target': ['[auto_applied]\n"port folio" = 1.2\n', ['TARGET_INVALID auto.toml']],
  'would reach a prototype': ['[auto_applied]\n"__proto__.x" = 1.2\n', ['TARGET_INVALID auto.toml']],
  'has a whole number beyond 2^53': ['[auto_applied]\n"portfolio.max_positions" = 9007199254740993\n', []],
  'has infinity for a value': ['[auto_applied]\n"portfolio.leverage" = inf\n', []],
  'has NaN for a value': ['[auto_applied]\n"strategy.take_profit" = nan\n', []],
  'is nested 100,000 levels deep': [
    `[auto_applied]\n"portfolio.leverage" = ${'['.repeat(DEEP)}${']'.repeat(DEEP)}\n`,
    ['TOML_INVALID auto.toml:2:1024'],
  ],
  'is nested deep by its table name': [`[auto_applied.${Array(DEEP).fill('a').join('.')}]\nb = 1\n`, []],
};

describe('an auto.toml that', () => {
  test.each(Object.entries(REFUSED))(
    '%s: exit 2, and it is kept byte for byte',
    async (_, [content, expected]) => {
      const folder = folderWith(content);
      const before = folder.snapshot();
      const run = await runHere(folder, ['cycle', '--json']);
      expect(run.exitCode).toBe(2);
      const places = placesOf(answerOf(run));
      expect(places.slice(0, expected.length)).toEqual(expected);
      expect(places.at(-1)).toBe('OVERRIDES_REFUSE_WRITE auto.toml');
      for (const line of saidIn(run))
        expect(line).toMatch(/^(error|warning): config\/live_overrides\/auto\.toml/);
      expect(run.stderr).toMatch(/^ {2}help: /m);
      expect(folder.snapshot()).toEqual(before);
      expect(folder.leftovers()).toEqual([]);
    },
  );

  test('is no table: the same by the command itself', async () => {
    const folder = folderWith('auto_applied = 5\n');
    const before = folder.snapshot();
    const run = await runHere(folder, ['cycle']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(saidIn(run)).toHaveLength(2);
    expect(folder.snapshot()).toEqual(before);
  });

  test('is refused by a cycle does not keep a live session from starting', async () => {
    for (const [content] of Object.values(REFUSED)) {
      const folder = folderWith(content);
      const run = await runHere(folder, ['config', 'show', '--env', 'live']);
      expect(run.exitCode).toBe(0);
      expect(run.stdout).toContain('[portfolio]\nleverage = 1.');
    }
  });

  test('is not UTF-8: exit 3, and it is kept byte for byte', async () => {
    const folder = folderWith(Buffer.from('[auto_applied]\n"portfolio.leverage" = 1.2 # \xe4\n', 'latin1'));
    const before = folder.snapshot();
    const run = await runHere(folder, ['cycle']);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(saidIn(run)).toEqual([expect.stringContaining(AUTO)]);
    expect(folder.snapshot()).toEqual(before);
  });

  test('is broken stops manual_only, too: live values could not be told', async () => {
    const folder = governedFolder();
    folder.write(AUTO, 'broken');
    const before = folder.snapshot();
    for (const command of ['cycle', 'promote', 'learn', 'status'])
      expect((await runHere(folder, [command])).exitCode).toBe(2);
    expect(folder.snapshot()).toEqual(before);
  });
});

describe('an unusual auto.toml', () => {
  const lines = ['# Ours', '', '[auto_applied]', '"macro.regime_weight" = 0.1', ''];

  test.each([
    ['with CRLF', lines.join('\r\n')],
    ['with a byte order mark', `\ufeff${lines.join('\n')}`],
    ['without a line break at its end', lines.join('\n').trimEnd()],
    ['with nested keys', '# Ours\n\n[auto_applied.macro]\nregime_weight = 0.1\n'],
    ['with bare dotted keys', '# Ours\n\n[auto_applied]\nmacro.regime_weight = 0.1\n'],
    ['with an inline table', '# Ours\n\nauto_applied = {"macro.regime_weight" = 0.1}\n'],
    ['with odd spaces and quotes', "# Ours\n[ auto_applied ]\n  'macro.regime_weight'=0.1   \n"],
  ])('%s loads, keeps its overrides, and is written in canonical form', async (_, content) => {
    const folder = folderWith(content);
    expect(await runPeak(folder, ['config', 'get', 'macro.regime_weight', '--env', 'live'])).toMatchObject({
      exitCode: 0,
      stdout: '0.1\n',
      stderr: '',
    });
    const run = await runHere(folder, ['cycle']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const after = folder.read(AUTO);
    expect(after).toMatch(
      /^# Ours\n\n\[auto_applied\]\n"macro\.regime_weight" = 0\.1\n\n"portfolio\.leverage" = 1\.25\n/,
    );
    expect(after).not.toContain('\r');
    expect(folder.snapshot().get(`${AUTO}.backup`)).toBe(Buffer.from(content).toString('latin1'));
  });

  test.each([
    ['empty', ''],
    ['of comments only', '# nothing yet\n'],
    ['with an empty table', '[auto_applied]\n'],
  ])('%s counts as no overrides', async (_, content) => {
    const folder = folderWith(content);
    const run = await runHere(folder, ['cycle', '--json']);
    expect(run.exitCode).toBe(0);
    expect(answerOf<CycleAnswer>(run).auto_toml.state).toBe('written');
    expect(folder.read(AUTO)).toContain('"portfolio.leverage" = 1.25\n');
  });

  test('with overrides that cannot apply keeps them, and warns', async () => {
    const folder = folderWith(
      '[auto_applied]\n"gone.target" = 1\n"portfolio.leverage" = "high"\n"macro.regime_weight" = 0.1\n',
    );
    const run = await runHere(folder, ['cycle', '--json']);
    expect(run.exitCode).toBe(0);
    expect(placesOf(answerOf(run))).toEqual([
      'OVERRIDE_UNKNOWN_TARGET auto.toml',
      'OVERRIDE_WRONG_TYPE auto.toml',
    ]);
    const after = folder.read(AUTO);
    expect(after).toContain('"gone.target" = 1\n');
    expect(after).toContain('"macro.regime_weight" = 0.1\n');
  });

  test.each([
    ['environment.mode', '"live"', 'OVERRIDE_NEVER'],
    ['portfolio.leverage', '3.5', 'OVERRIDE_HARD_LIMIT'],
    ['portfolio.leverage', '-0.1', 'OVERRIDE_HARD_LIMIT'],
    ['portfolio.leverage', 'true', 'OVERRIDE_WRONG_TYPE'],
    ['portfolio', '5', 'OVERRIDE_WRONG_TYPE'],
    ['environment.enable_live_trading', '"false"', 'OVERRIDE_NEVER'],
    ['portfolio.max_positions', '5.0', 'OVERRIDE_WRONG_TYPE'],
  ])('with %s = %s starts a session on the base value, with an error line', async (target, value, code) => {
    const folder = folderWith(`[auto_applied]\n"${target}" = ${value}\n`);
    const [plain, live] = await Promise.all([
      runHere(folder, ['config', 'get', target, '--json', '--no-overrides', '--env', 'live']),
      runHere(folder, ['config', 'get', target, '--json', '--env', 'live']),
    ]);
    expect(live.exitCode).toBe(0);
    expect(answerOf(live)['value']).toEqual(answerOf(plain)['value']);
    expect(placesOf(answerOf(live))).toEqual([`${code} auto.toml`]);
  });
});

describe('a learning.override.toml that', () => {
  test.each([
    ['is not TOML', 'broken', 'TOML_INVALID learning.override.toml:1:1'],
    ['is no table', 'overrides = 1\n', 'OVERRIDES_NOT_A_TABLE learning.override.toml'],
  ])('%s: exit 2, and it is kept byte for byte', async (_, content, first) => {
    const folder = governedFolder();
    folder.write(LEARNED, content);
    const before = folder.snapshot();
    for (const command of ['learn', 'cycle']) {
      const run = await runHere(folder, [command, '--json']);
      expect(run.exitCode).toBe(2);
      expect(placesOf(answerOf(run))[0]).toBe(first);
    }
    expect(folder.snapshot()).toEqual(before);
  });

  test('is missing is written anew', async () => {
    const folder = governedFolder();
    folder.remove('config/auto');
    expect(await runHere(folder, ['cycle'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(folder.read(LEARNED)).toContain('"portfolio.leverage" = 1.25\n');
  });
});
