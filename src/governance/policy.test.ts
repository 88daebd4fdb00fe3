import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locatePolicyKey, parsePolicy } from './policy.ts';

const MINIMAL = '[promotion]\nmode = "manual_only"\n';
const problemsOf = (text: string | null) =>
  parsePolicy(text, 'p.toml').problems.map(({ code, args, line, column }) => [
    code,
    args['key'],
    line,
    column,
  ]);

describe('parsePolicy: defaults', () => {
  test('are those of the contract', () => {
    expect(parsePolicy(MINIMAL)).toMatchObject({
      ok: true,
      value: {
        promotion: { mode: 'manual_only', lock: false },
        eligibility: { targets: [], min_confidence: 0.75 },
        never: {
          targets: ['risk.stop_loss', 'live.api_keys.*', 'live.max_order_size', 'strategy.name'],
          tags: ['r_and_d', 'experimental', 'untested'],
        },
        bounds: {},
        auto: { min_confidence: 0.8, on_step_exceeded: 'manual' },
        budgets: { promotions_per_day: 3 },
        approvals: {
          operators: [],
          manual: 1,
          evidence: 1,
          policy_loosening: 2,
          policy_tightening: 0,
          rollback: 0,
        },
      },
    });
  });

  test('hold in a table that sets something else', () => {
    const parsed = parsePolicy(`${MINIMAL}[never]\ntags = []\n[auto]\nmin_test_health = 90\n`);
    if (!parsed.ok) throw new Error('not valid');
    expect(parsed.value.never.targets).toContain('risk.stop_loss');
    expect(parsed.value.auto.min_confidence).toBe(0.8);
  });

  test('name no bounds and no target: nothing is open by default', () => {
    const parsed = parsePolicy(MINIMAL);
    if (!parsed.ok) throw new Error('not valid');
    expect([parsed.value.bounds, parsed.value.eligibility.targets]).toEqual([{}, []]);
  });
});

test('parsePolicy takes the shipped policy, which says manual_only and has the bounds of the contract', () => {
  const text = readFileSync(new URL('../../config/promotion.toml', import.meta.url), 'utf8');
  expect(parsePolicy(text)).toMatchObject({
    ok: true,
    value: {
      promotion: { mode: 'manual_only', lock: false },
      bounds: {
        leverage: { min: 1, max: 2, max_step: 0.25, riskier: 'higher' },
        trigger: { min: 3, max: 15, max_step: 2 },
        macro: { min: 0, max: 0.8, max_step: 0.1 },
      },
    },
  });
});

describe('parsePolicy: what is missing', () => {
  test('a file', () => {
    expect(parsePolicy(null)).toMatchObject({
      ok: false,
      problems: [{ code: 'POLICY_MISSING', file: 'config/promotion.toml' }],
    });
  });

  test.each([
    ['', 'promotion'],
    ['[auto]\n', 'promotion'],
    ['[promotion]\n', 'promotion.mode'],
    ['[promotion]\nlock = true\n', 'promotion.mode'],
  ])('a mode: %j', (text, key) => {
    expect(problemsOf(text).map(([code, found]) => [code, found])).toEqual([['KEY_INVALID', key]]);
  });

  test.each(['min', 'max', 'max_step'])('%s of bounds', (key) => {
    const bounds = ['min = 1.0', 'max = 2.0', 'max_step = 0.25'].filter(
      (line) => !line.startsWith(`${key} `),
    );
    expect(problemsOf(`${MINIMAL}[bounds.leverage]\n${bounds.join('\n')}\n`)).toEqual([
      ['KEY_INVALID', `bounds.leverage.${key}`, 3, 2],
    ]);
  });
});

describe('parsePolicy: unknown keys', () => {
  test.each([
    ['[promotoin]\nmode = "disabled"\n', 'promotoin', 'promotion'],
    [`${MINIMAL}lok = true\n`, 'promotion.lok', 'lock'],
    [`${MINIMAL}[eligibility]\ntarget = []\n`, 'eligibility.target', 'targets'],
    [`${MINIMAL}[never]\ntag = []\n`, 'never.tag', 'tags'],
    [`${MINIMAL}[auto]\nmin_confidense = 0.9\n`, 'auto.min_confidense', 'min_confidence'],
    [`${MINIMAL}[evidence]\nmax_age_day = 3\n`, 'evidence.max_age_day', 'max_age_days'],
    [`${MINIMAL}[budgets]\npromotions_per_dai = 3\n`, 'budgets.promotions_per_dai', 'promotions_per_day'],
    [`${MINIMAL}[approvals]\noperator = []\n`, 'approvals.operator', 'operators'],
    [`${MINIMAL}[machinery]\npath = []\n`, 'machinery.path', 'paths'],
    [`${MINIMAL}[config]\nlayer = []\n`, 'config.layer', 'layers'],
    [`${MINIMAL}[hard_limits.leverage]\nmaxx = 2.0\n`, 'hard_limits.leverage.maxx', 'max'],
    [
      `${MINIMAL}[bounds.leverage]\nmin = 1.0\nmax = 2.0\nmax_step = 0.25\nmax_steps = 1\n`,
      'bounds.leverage.max_steps',
      'max_step',
    ],
    [
      `${MINIMAL}[bounds."portfolio.leverage"]\nmin = 1.0\nmax = 2.0\nmax_step = 0.25\nriskyer = "higher"\n`,
      'bounds.portfolio.leverage.riskyer',
      'riskier',
    ],
  ])('%j: suggests the right one', (text, key, suggestion) => {
    const found = parsePolicy(text, 'p.toml').problems.filter(({ code }) => code === 'KEY_UNKNOWN');
    expect(found).toMatchObject([{ args: { key, suggestion } }]);
    const name = key.split('.').at(-1) as string;
    const line = text.split('\n').findIndex((row) => row.includes(name) && !row.includes(`${name}s`)) + 1;
    expect([found[0]?.line, found[0]?.column]).toEqual([
      line,
      text.split('\n')[line - 1]?.startsWith('[') ? 2 : 1,
    ]);
  });

  test('lists the known ones where none is near', () => {
    const [found] = parsePolicy(`${MINIMAL}[xyz]\n`).problems;
    expect(found).toMatchObject({ code: 'KEY_UNKNOWN', args: { suggestion: '' } });
    expect(found?.args['known']).toContain('eligibility');
  });

  test('are found wherever TOML lets them stand', () => {
    expect(
      problemsOf('promotion = { mode = "disabled", x1 = 1 }\nauto.x2 = 1\n"x3" = 1\n[a."b.c"]\nx4 = 1\n'),
    ).toEqual(
      expect.arrayContaining([
        ['KEY_UNKNOWN', 'promotion.x1', 1, 34],
        ['KEY_UNKNOWN', 'auto.x2', 2, 6],
        ['KEY_UNKNOWN', 'x3', 3, 1],
        ['KEY_UNKNOWN', 'a', 4, 2],
      ]),
    );
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is one', (name) => {
    expect(problemsOf(`${MINIMAL}[${name}]\nx = 1\n`)).toEqual([['KEY_UNKNOWN', name, 3, 2]]);
    expect(problemsOf(`${MINIMAL}${name} = 1\n`)).toEqual([['KEY_UNKNOWN', `promotion.${name}`, 3, 1]]);
  });

  test.each([
    ['hard_limits.levarage', 'max = 2.0', 'leverage'],
    ['bounds.trigge', 'min = 1.0\nmax = 2.0\nmax_step = 1.0', 'trigger'],
    ['bounds.expermental', 'min = 1.0\nmax = 2.0\nmax_step = 1.0', 'experimental'],
  ])('are mistyped tags: [%s]', (table, lines, suggestion) => {
    const text = `${MINIMAL}[tags]\nexperimental = ["lab.*"]\n[${table}]\n${lines}\n`;
    expect(parsePolicy(text).problems).toMatchObject([
      { code: 'KEY_UNKNOWN', args: { key: table, suggestion }, line: 5 },
    ]);
  });

  test('are names in [bounds] and [hard_limits] that neither a tag nor a target can have', () => {
    const bounds = 'min = 1.0\nmax = 2.0\nmax_step = 0.25\n';
    for (const name of ['lever age', '', '__proto__', 'a..b', 'leverage.']) {
      expect(problemsOf(`${MINIMAL}[bounds."${name}"]\n${bounds}`)).not.toEqual([]);
      expect(problemsOf(`${MINIMAL}[hard_limits."${name}"]\nmax = 1.0\n`)).not.toEqual([]);
    }
  });
});

describe('parsePolicy: wrong values', () => {
  test.each([
    ['mode = "auto"', '[promotion]', 'promotion.mode', 2, 1],
    ['lock = "false"', '[promotion]\nmode = "disabled"', 'promotion.lock', 3, 1],
    ['lock = 1', '[promotion]\nmode = "disabled"', 'promotion.lock', 3, 1],
    ['targets = "portfolio.leverage"', `${MINIMAL}[eligibility]`, 'eligibility.targets', 4, 1],
    ['targets = ["a", "b c"]', `${MINIMAL}[eligibility]`, 'eligibility.targets.1', 4, 17],
    ['targets = ["a.**"]', `${MINIMAL}[eligibility]`, 'eligibility.targets.0', 4, 12],
    ['min_confidence = 75', `${MINIMAL}[eligibility]`, 'eligibility.min_confidence', 4, 1],
    ['min_confidence = nan', `${MINIMAL}[eligibility]`, 'eligibility.min_confidence', 4, 1],
    ['min_confidence = true', `${MINIMAL}[eligibility]`, 'eligibility.min_confidence', 4, 1],
    ['min_confidence = -0.1', `${MINIMAL}[eligibility]`, 'eligibility.min_confidence', 4, 1],
    ['tags = ["R_and_D"]', `${MINIMAL}[never]`, 'never.tags.0', 4, 9],
    ['on_step_exceeded = "skip"', `${MINIMAL}[auto]`, 'auto.on_step_exceeded', 4, 1],
    ['min_test_health = 101', `${MINIMAL}[auto]`, 'auto.min_test_health', 4, 1],
    ['max_test_health_age_hours = 0', `${MINIMAL}[auto]`, 'auto.max_test_health_age_hours', 4, 1],
    ['max_age_days = inf', `${MINIMAL}[evidence]`, 'evidence.max_age_days', 4, 1],
    ['promotions_per_day = 1.5', `${MINIMAL}[budgets]`, 'budgets.promotions_per_day', 4, 1],
    ['promotions_per_day = -1', `${MINIMAL}[budgets]`, 'budgets.promotions_per_day', 4, 1],
    ['operators = ["not a login"]', `${MINIMAL}[approvals]`, 'approvals.operators.0', 4, 14],
    ['operators = ["@org"]', `${MINIMAL}[approvals]`, 'approvals.operators.0', 4, 14],
    ['layers = ["../x.toml"]', `${MINIMAL}[config]`, 'config.layers.0', 4, 11],
    ['min = "1.0"\nmax = 2.0\nmax_step = 0.5', `${MINIMAL}[bounds.x]`, 'bounds.x.min', 4, 1],
    ['min = nan\nmax = 2.0\nmax_step = 0.5', `${MINIMAL}[bounds.x]`, 'bounds.x.min', 4, 1],
    ['min = 1.0\nmax = inf\nmax_step = 0.5', `${MINIMAL}[bounds.x]`, 'bounds.x.max', 5, 1],
    ['min = 1.0\nmax = 2.0\nmax_step = 0.0', `${MINIMAL}[bounds.x]`, 'bounds.x.max_step', 6, 1],
    ['min = 1.0\nmax = 2.0\nmax_step = -1.0', `${MINIMAL}[bounds.x]`, 'bounds.x.max_step', 6, 1],
    ['min = 1.0\nmax = 2.0\nmax_step = true', `${MINIMAL}[bounds.x]`, 'bounds.x.max_step', 6, 1],
    ['min = 2.0\nmax = 1.0\nmax_step = 0.5', `${MINIMAL}[bounds.x]`, 'bounds.x.max', 5, 1],
    ['min = 2.0\nmax = 1.0', `${MINIMAL}[hard_limits.x]`, 'hard_limits.x.max', 5, 1],
  ])('%s', (lines, head, key, line, column) => {
    expect(problemsOf(`${head}\n${lines}\n`.replaceAll('\n\n', '\n'))).toEqual([
      ['KEY_INVALID', key, line, column],
    ]);
  });

  test('never throws, whatever stands where a table should', () => {
    const tables = [
      'promotion',
      'eligibility',
      'never',
      'tags',
      'bounds',
      'hard_limits',
      'auto',
      'evidence',
      'budgets',
      'approvals',
      'machinery',
      'config',
    ];
    for (const table of tables) {
      for (const value of ['1', '"x"', '[]', '[{}]', '2026-01-01', 'true', '{ a = 1 }']) {
        const text = `${table} = ${value}\n${table === 'promotion' ? '' : MINIMAL}`;
        expect(parsePolicy(text, 'p.toml')).toMatchObject({
          ok: false,
          problems: expect.arrayContaining([expect.objectContaining({ file: 'p.toml' })]),
        });
      }
    }
  });
});

describe('parsePolicy: hard limits', () => {
  test.each([
    ['[hard_limits.leverage]\nmax = 3.1', 'hard_limits.leverage.max'],
    ['[hard_limits.leverage]\nmin = -0.5', 'hard_limits.leverage.min'],
    ['[hard_limits."portfolio.leverage"]\nmax = 10.0', 'hard_limits.portfolio.leverage.max'],
    ['[hard_limits."macro.bull_market_leverage"]\nmax = 10.0', 'hard_limits.macro.bull_market_leverage.max'],
    ['[hard_limits."portfolio.maxLeverage"]\nmax = 10.0', 'hard_limits.portfolio.maxLeverage.max'],
    ['[bounds.leverage]\nmin = 1.0\nmax = 3.5\nmax_step = 0.5', 'bounds.leverage.max'],
    ['[bounds.leverage]\nmin = -1.0\nmax = 3.0\nmax_step = 0.5', 'bounds.leverage.min'],
    ['[bounds."Portfolio.Leverage"]\nmin = 1.0\nmax = 4.0\nmax_step = 0.5', 'bounds.Portfolio.Leverage.max'],
  ])('are not widened: %s', (table, key) => {
    const lines = `${MINIMAL}${table}\n`;
    const line = lines.split('\n').findIndex((row) => row.startsWith(`${key.split('.').at(-1)} =`)) + 1;
    expect(problemsOf(lines)).toEqual([['HARD_LIMIT_WIDENED', key, line, 1]]);
  });

  test.each([
    '[hard_limits.leverage]\nmax = 3.0',
    '[hard_limits.leverage]\nmin = 0.5\nmax = 2.0',
    '[hard_limits.weight]\nmax = 100.0',
  ])('are narrowed, or set: %s', (table) => expect(problemsOf(`${MINIMAL}${table}\n`)).toEqual([]));
});

describe('parsePolicy: all at once', () => {
  test('names every problem with its place', () => {
    const text = `${MINIMAL}lok = true
[eligibility]
targets = ["a b"]
min_confidence = 2
[bounds.leverage]
min = 1.0
max = 9.0
max_step = 0.25
[bouns.x]
y = 1
`;
    expect(problemsOf(text).sort((a, b) => Number(a[2]) - Number(b[2]))).toEqual([
      ['KEY_UNKNOWN', 'promotion.lok', 3, 1],
      ['KEY_INVALID', 'eligibility.targets.0', 5, 12],
      ['KEY_INVALID', 'eligibility.min_confidence', 6, 1],
      ['HARD_LIMIT_WIDENED', 'bounds.leverage.max', 9, 1],
      ['KEY_UNKNOWN', 'bouns', 11, 2],
    ]);
  });
});

describe('parsePolicy: the text', () => {
  test('is refused when it is not TOML', () => {
    expect(problemsOf('[promotion\n')).toMatchObject([['TOML_INVALID', undefined, 1, expect.anything()]]);
  });

  test('may have CRLF and a comment before it', () => {
    expect(parsePolicy(`#:schema x.json\r\n${MINIMAL.replaceAll('\n', '\r\n')}`).ok).toBe(true);
  });

  test.each([
    ['a table over several lines', 'promotion = {\n  mode = "manual_only",\n  lok = 1,\n}\n'],
    ['a short escape', '[promotion]\nmode = "\\e"\n'],
    ['a depth bomb', `[promotion]\nmode = "manual_only"\n${'a.'.repeat(20_000)}a = 1\n`],
    ['deep arrays', `[promotion]\nmode = "manual_only"\nx = ${'['.repeat(900)}${']'.repeat(900)}\n`],
  ])('never makes it throw: %s', (_, text) => {
    expect(() => parsePolicy(text)).not.toThrow();
    expect(parsePolicy(text).ok).toBe(false);
  });
});

describe('locatePolicyKey', () => {
  test('finds a key, or else the table around it', () => {
    expect(locatePolicyKey(MINIMAL, ['promotion', 'mode'])).toEqual({ line: 2, column: 1 });
    expect(locatePolicyKey(MINIMAL, ['promotion', 'lock'])).toEqual({ line: 1, column: 2 });
    expect(locatePolicyKey(MINIMAL, ['auto', 'min_confidence'])).toBeUndefined();
  });

  test('finds a key in every text that parsePolicy takes', () => {
    for (const text of [
      'promotion = {\n  mode = "manual_only",\n}\n',
      '[promotion]\nmode = "\\x6danual_only"\n',
    ]) {
      if (parsePolicy(text).ok) expect(() => locatePolicyKey(text, ['promotion', 'mode'])).not.toThrow();
    }
  });
});
