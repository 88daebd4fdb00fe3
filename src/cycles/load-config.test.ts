import { describe, expect, test } from 'vitest';
import { GOVERNED_TEXTS } from '../../test/support/cli/governed-texts.ts';
import { AppError } from '../kernel/app-error.ts';
import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
} from '../kernel/governed-paths.ts';
import type { Result } from '../kernel/result.ts';
import type { PeakConfig } from '../liveconfig/index.ts';
import {
  type LoadConfigOptions,
  loadBaseConfig,
  loadLiveConfig,
  type ReadConfigText,
} from './load-config.ts';

const LEVERAGE = 'portfolio.leverage';

/** Reads from texts; a text that is an error is thrown. */
function reader(changes: Readonly<Record<string, string | Error | null>> = {}): ReadConfigText {
  const texts = new Map<string, string | Error | null>(Object.entries({ ...GOVERNED_TEXTS, ...changes }));
  return (path) => {
    const text = texts.get(path) ?? null;
    if (text instanceof Error) throw text;
    return text;
  };
}

const PROMOTED = { [AUTO_TOML_PATH]: '[auto_applied]\n"portfolio.leverage" = 1.25\n' };

function live(changes: Parameters<typeof reader>[0], options: LoadConfigOptions = {}): Result<PeakConfig> {
  return loadLiveConfig(reader(changes), { env: 'live', ...options });
}

function leverageOf(result: Result<PeakConfig>): unknown {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.get(LEVERAGE);
}

describe('loadLiveConfig', () => {
  test.each([
    ['live', 1.25],
    ['LIVE', 1.25],
    ['shadow', 1.25],
    ['paper', 1],
    ['livee', 1],
  ])('in %s has a leverage of %d', (env, value) => {
    expect(leverageOf(live(PROMOTED, { env }))).toBe(value);
  });

  test('applies overrides in paper only by force', () => {
    expect(leverageOf(live(PROMOTED, { env: 'paper', force: true }))).toBe(1.25);
  });

  test('stays on base values when overrides are off, with one line, force or not', () => {
    for (const force of [false, true]) {
      const lines: string[] = [];
      expect(leverageOf(live(PROMOTED, { overrides: false, force, log: (line) => lines.push(line) }))).toBe(
        1,
      );
      expect(lines).toEqual([expect.stringContaining('BASE VALUES')]);
    }
  });

  test('logs what applies, and no value of a secret', () => {
    const lines: string[] = [];
    const changes = {
      [BASE_CONFIG_PATH]: '[live]\napi_key = "old"\n[portfolio]\nleverage = 1.0\n',
      [AUTO_TOML_PATH]: '[auto_applied]\n"live.api_key" = "S3CRET"\n"portfolio.leverage" = 1.25\n',
    };
    live(changes, { log: (line) => lines.push(line) });
    expect(lines[0]).toBe(`[peak_config] Applying 2 live auto-overrides from ${AUTO_TOML_PATH}`);
    expect(lines.join('\n')).not.toContain('S3CRET');
  });

  test.each([
    ['missing', null],
    ['not TOML', 'broken'],
    ['no table', 'auto_applied = 5'],
    ['without the table', 'leverage = 9\n"portfolio.leverage" = 9.0\n'],
    ['unreadable', new AppError('READ_ONLY', 'cannot read: EACCES')],
    ['nested too deep', `[auto_applied.${Array(50_000).fill('a').join('.')}]\nb = 1\n`],
  ])('never fails by an auto.toml that is %s', (_, auto) => {
    expect(leverageOf(live({ [AUTO_TOML_PATH]: auto }))).toBe(1);
  });

  test.each([
    '9.0',
    '-1.0',
    'nan',
    'inf',
    '"1.25"',
    'true',
    '[1.25]',
    '{ a = 1 }',
    '2026-01-01',
    '9007199254740993',
  ])('ignores a leverage of %s with an error', (value) => {
    const result = live({ [AUTO_TOML_PATH]: `[auto_applied]\n"portfolio.leverage" = ${value}\n` });
    expect(leverageOf(result)).toBe(1);
    expect(result.problems).toHaveLength(1);
  });

  test.each([
    ['missing', { [BASE_CONFIG_PATH]: null }, 'BASE_MISSING'],
    ['not TOML', { [BASE_CONFIG_PATH]: 'broken' }, 'TOML_INVALID'],
    ['not finite', { [BASE_CONFIG_PATH]: 'a = nan' }, 'BASE_KEY_INVALID'],
    ['beyond a hard limit', { [BASE_CONFIG_PATH]: '[portfolio]\nleverage = 3.5\n' }, 'BASE_HARD_LIMIT'],
    ['short of a layer', { [POLICY_PATH]: '[config]\nlayers = ["x.toml"]\n' }, 'BASE_MISSING'],
  ])('always fails by a base configuration that is %s', (_, changes, code) => {
    expect(live(changes).problems.map((found) => found.code)).toEqual([code]);
  });

  test('in paper a base beyond a hard limit loads: it is no live session', () => {
    expect(leverageOf(live({ [BASE_CONFIG_PATH]: '[portfolio]\nleverage = 3.5\n' }, { env: 'paper' }))).toBe(
      3.5,
    );
  });

  test('reads other paths where it is told to', () => {
    const changes = {
      'a/base.toml': '[portfolio]\nleverage = 1.1\n',
      'a/auto.toml': '[auto_applied]\n"portfolio.leverage" = 1.2\n',
    };
    expect(leverageOf(live(changes, { configPath: 'a/base.toml', overridesPath: 'a/auto.toml' }))).toBe(1.2);
  });

  test('without a policy there are no layers, and a session starts', () => {
    expect(leverageOf(live({ ...PROMOTED, [POLICY_PATH]: null }))).toBe(1.25);
  });
});

describe('loadBaseConfig', () => {
  test('never applies live overrides', () => {
    expect(leverageOf(loadBaseConfig(reader(PROMOTED), { env: 'live' }))).toBe(1);
  });

  const LEARNED = { [LEARNING_OVERRIDE_PATH]: '[overrides]\n"portfolio.leverage" = 1.5\n' };

  test('applies what System 1 recommends offline', () => {
    expect(leverageOf(loadBaseConfig(reader(LEARNED), { offline: true }))).toBe(1.5);
    expect(leverageOf(loadBaseConfig(reader(LEARNED), {}))).toBe(1);
  });

  test.each(['live', 'Live', 'testnet', 'shadow', 'paper_live', 'live_dry_run'])(
    'refuses that in %s',
    (env) => {
      expect(loadBaseConfig(reader(LEARNED), { offline: true, env }).problems).toMatchObject([
        { code: 'OFFLINE_IN_LIVE' },
      ]);
    },
  );
});
