import { describe, expect, test } from 'vitest';
import { checkOverrides, findHardLimitFaults } from './apply-overrides.ts';
import { parseBaseConfig } from './base-config.ts';
import { parseOverrides } from './overrides.ts';

const BASE = `
[environment]
mode = "live"
enable_live_trading = false
[portfolio]
leverage = 1.0
max_positions = 5
rebalance = "daily"
hedged = true
symbols = ["BTC/EUR"]
since = 2026-01-01
[macro]
bull_leverage = 1
`;

function check(lines: string) {
  const base = parseBaseConfig([{ file: 'config.toml', text: BASE }]);
  const overrides = parseOverrides(`[auto_applied]\n${lines}\n`, 'auto_applied', 'auto.toml');
  if (!base.ok || !overrides.ok) throw new Error('the fixture is broken');
  const { applied, ignored } = checkOverrides(base.value, overrides.value, 'auto.toml');
  return {
    applied: applied.map(({ target, type, base: old, value }) => [target, type, old, value]),
    ignored: ignored.map(({ target, problem }) => [target, problem.code, problem.severity]),
  };
}

describe('checkOverrides', () => {
  test('applies what fits', () => {
    expect(
      check(
        '"portfolio.leverage" = 1.75\n"portfolio.max_positions" = 7\n"portfolio.rebalance" = "weekly"\n"portfolio.hedged" = false',
      ),
    ).toEqual({
      applied: [
        ['portfolio.leverage', 'float', 1, 1.75],
        ['portfolio.max_positions', 'integer', 5, 7],
        ['portfolio.rebalance', 'string', 'daily', 'weekly'],
        ['portfolio.hedged', 'boolean', true, false],
      ],
      ignored: [],
    });
  });

  test('lets a whole number stand for a float, not the other way round', () => {
    expect(check('"portfolio.leverage" = 2').applied).toEqual([['portfolio.leverage', 'float', 1, 2]]);
    expect(check('"portfolio.max_positions" = 2.0').ignored).toEqual([
      ['portfolio.max_positions', 'OVERRIDE_WRONG_TYPE', 'error'],
    ]);
  });

  test.each([
    [
      'a target that the base does not have',
      '"portfolio.leverag" = 1.5',
      'OVERRIDE_UNKNOWN_TARGET',
      'warning',
    ],
    ['a target below a scalar', '"portfolio.leverage.x" = 1.5', 'OVERRIDE_UNKNOWN_TARGET', 'warning'],
    ['a target of other case', '"Portfolio.leverage" = 1.5', 'OVERRIDE_UNKNOWN_TARGET', 'warning'],
    ['a text for a number', '"portfolio.leverage" = "1.5"', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a boolean for a number', '"portfolio.leverage" = true', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a number for a boolean', '"portfolio.hedged" = 1', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a text for a boolean', '"portfolio.hedged" = "false"', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a scalar for a table', '"portfolio" = 5', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a scalar for an array', '"portfolio.symbols" = "BTC/EUR"', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['an array for an array', '"portfolio.symbols" = ["ETH/EUR"]', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a date for a date', '"portfolio.since" = 2026-01-02', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['not a number', '"portfolio.leverage" = nan', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['infinity', '"portfolio.leverage" = inf', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['minus zero', '"portfolio.leverage" = -0.0', 'OVERRIDE_WRONG_TYPE', 'error'],
    [
      'a number beyond 2^53 − 1',
      '"portfolio.max_positions" = 9007199254740993',
      'OVERRIDE_WRONG_TYPE',
      'error',
    ],
    ['such a number for a float', '"portfolio.leverage" = 9007199254740993', 'OVERRIDE_WRONG_TYPE', 'error'],
    ['a value above the hard limit', '"portfolio.leverage" = 3.01', 'OVERRIDE_HARD_LIMIT', 'error'],
    ['a value below the hard limit', '"portfolio.leverage" = -0.01', 'OVERRIDE_HARD_LIMIT', 'error'],
    ['an integer above the hard limit', '"macro.bull_leverage" = 4', 'OVERRIDE_HARD_LIMIT', 'error'],
    ['the environment', '"environment.mode" = "paper"', 'OVERRIDE_NEVER', 'error'],
    ['the licence to trade', '"environment.enable_live_trading" = true', 'OVERRIDE_NEVER', 'error'],
    ['a whole table of that kind', '"environment" = "live"', 'OVERRIDE_NEVER', 'error'],
  ])('ignores %s', (_, line, code, severity) => {
    const { applied, ignored } = check(`${line}\n"portfolio.rebalance" = "weekly"`);
    expect(applied).toEqual([['portfolio.rebalance', 'string', 'daily', 'weekly']]);
    expect(ignored.map((entry) => entry.slice(1))).toEqual([[code, severity]]);
  });

  test.each([0, 3.0])('keeps the edges of the hard limit: %d', (value) => {
    expect(check(`"portfolio.leverage" = ${value.toFixed(1)}`).ignored).toEqual([]);
  });
});

test('findHardLimitFaults names every parameter beyond a limit', () => {
  const parameters = new Map([
    ['portfolio.leverage', { value: 3.5 }],
    ['macro.bull_leverage', { value: -1 }],
    ['macro.bear_leverage', { value: 3 }],
    ['risk.stop_loss', { value: 50 }],
    ['risk.leverage_text', { value: '9' }],
  ]);
  expect(
    findHardLimitFaults(parameters, 'c.toml').map(({ code, file, args }) => [code, file, args['target']]),
  ).toEqual([
    ['BASE_HARD_LIMIT', 'c.toml', 'portfolio.leverage'],
    ['BASE_HARD_LIMIT', 'c.toml', 'macro.bull_leverage'],
    ['BASE_HARD_LIMIT', 'c.toml', 'risk.leverage_text'],
  ]);
});
