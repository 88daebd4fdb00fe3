/**
 * Somebody wants a leverage of 10 to go live, and may write evidence, `auto.toml`, layers and even the policy. Each case is one
 * such attempt on both loops and on the loader; none may end with a session that loads more than the hard limit of 3.0,
 * and none may move leverage in the auto lane by more than a step of 0.25.
 */
import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../src/cycles/committed-files.ts';
import { gather } from '../../src/cycles/gather.ts';
import { loadLiveConfig } from '../../src/cycles/load-config.ts';
import { type Derivation, derive, resolveMode } from '../../src/governance/index.ts';
import { instantFromMs } from '../../src/kernel/instant.ts';
import { formatOverrideFile, hardLimitOf } from '../../src/liveconfig/index.ts';

const NOW = instantFromMs(1_795_300_000_000);
const DATED = { generated_at: '2026-11-21T12:00:00Z', confidence_score: 0.99 };

const BASE = `[environment]
mode = "live"

[portfolio]
leverage = 1.0
deleveraged = 1.0
maxLeverageRatio = 1.0
leverage_text = "1"

[strategy]
window = 1.0
`;

const POLICY = `[promotion]
mode = "bounded_auto"

[eligibility]
targets = ["portfolio.*", "strategy.*"]

[bounds.leverage]
min = 1.0
max = 2.0
max_step = 0.25

[bounds.macro]
min = 0.0
max = 100.0
max_step = 100.0
`;

const HEALTHY = {
  source: 'test_health',
  created_at: '2026-11-21T12:00:00Z',
  metrics: { health_score: 100 },
  recommended_changes: [],
};

interface Attempt {
  readonly base?: string;
  readonly policy?: string;
  readonly auto?: string;
}

/** Runs both loops on evidence texts; null when they refuse to run at all. */
function attempt(
  evidence: readonly (unknown | string)[],
  { base = BASE, policy = POLICY, auto }: Attempt = {},
): Derivation | null {
  const texts = new Map([
    ['config/config.toml', base],
    ['config/promotion.toml', policy],
    ['reports/learning_snippets/health.json', JSON.stringify(HEALTHY)],
    ...evidence.map((item, i): [string, string] => [
      `reports/learning_snippets/e${i}.json`,
      typeof item === 'string' ? item : JSON.stringify(item),
    ]),
  ]);
  if (auto !== undefined) texts.set('config/live_overrides/auto.toml', auto);
  const gathered = gather(sourceOf(texts), { clock: NOW });
  if (!gathered.ok) return null;
  const mode = resolveMode(gathered.value.policy, null, policy);
  if (!mode.ok) return null;
  return derive({
    ...gathered.value,
    effectiveMode: mode.value.mode,
    requestedMode: null,
    baseCommit: null,
    history: null,
    declined: [],
    clock: NOW,
    published: false,
  });
}

/** Leverage-like values that merging any lane would make live, and those of offline runs. */
function leveragesAfter(derivation: Derivation): readonly number[] {
  const files = [
    derivation.learningOverride,
    derivation.autoTomlAfter('auto'),
    derivation.autoTomlAfter('manual'),
  ];
  return files.flatMap(({ overrides }) =>
    [...overrides].filter(([target]) => hardLimitOf(target) !== null).map(([, { value }]) => Number(value)),
  );
}

function leverage(value: unknown, more: object = {}): object {
  return { target: 'portfolio.leverage', old_value: 1.0, new_value: value, ...DATED, ...more };
}

/** Evidence, by what the attacker hopes for. */
const EVIDENCE: Readonly<Record<string, readonly (unknown | string)[]>> = {
  'asks plainly': [leverage(10)],
  'asks as a text': [leverage('10')],
  'asks as a boolean': [leverage(true)],
  'asks for infinity': ['{"target":"portfolio.leverage","new_value":Infinity,"confidence_score":0.99}'],
  'asks for more than a double holds': [
    '{"target":"portfolio.leverage","new_value":1e999,"confidence_score":0.99}',
  ],
  'asks for NaN, which passes every comparison': [
    '{"target":"portfolio.leverage","new_value":NaN,"confidence_score":0.99}',
  ],
  'forges the old value, so that the step looks small': [leverage(10, { old_value: 9.9 })],
  'chains steps in one night': [
    leverage(1.25),
    leverage(1.5, { old_value: 1.25 }),
    leverage(10, { old_value: 1.5 }),
  ],
  'repeats itself a hundred times': Array.from({ length: 100 }, (_, i) => leverage(10, { id: `p${i}` })),
  'lends itself the wide bounds of another tag': [leverage(10, { tags: ['macro'] })],
  'claims to be promoted already': [leverage(10, { status: 'PROMOTED', eligible_for_live: true })],
  'claims a confidence over 1': [leverage(10, { confidence_score: 1000 })],
  'writes the target in capitals': [leverage(10, { target: 'Portfolio.Leverage' })],
  'writes the target with a space': [leverage(10, { target: 'portfolio.leverage ' })],
  'replaces the whole table': [leverage(10, { target: 'portfolio' })],
  'writes a table': [leverage({ leverage: 10 })],
  'hides the word in camelCase': [leverage(10, { target: 'portfolio.maxLeverageRatio' })],
  'uses a parameter that holds texts': [leverage('10', { target: 'portfolio.leverage_text' })],
  'reaches for the prototype': [leverage(10, { target: 'portfolio.__proto__.leverage' })],
  'asks for another environment': [leverage('testnet', { target: 'environment.mode' })],
  'says one thing first and another second': [
    '{"target":"portfolio.leverage","new_value":1.1,"new_value":10,"confidence_score":0.99}',
  ],
};

describe('evidence that', () => {
  test.each(Object.keys(EVIDENCE))('%s', (name) => {
    for (const clamp of ['manual', 'clamp']) {
      const policy = `${POLICY}\n[auto]\non_step_exceeded = "${clamp}"\n`;
      const derivation = attempt(EVIDENCE[name] ?? [], { policy });
      if (derivation === null) throw new Error('evidence alone must not stop the loops');
      for (const value of leveragesAfter(derivation)) expect(value).toBeLessThanOrEqual(3);
      const auto = derivation.proposals
        .filter(({ lane }) => lane === 'auto')
        .flatMap(({ changes }) => changes);
      for (const change of auto) {
        expect(change.target).toBe('portfolio.leverage');
        expect(Number(change.new)).toBeLessThanOrEqual(1.25);
      }
    }
  });

  test('lends a parameter without bounds some through a tag stays out of the auto lane', () => {
    const derivation = attempt([{ target: 'strategy.window', new_value: 50, tags: ['macro'], ...DATED }]);
    expect(derivation?.decisions.map(({ lane }) => lane)).toEqual(['manual']);
  });
});

describe('a policy that', () => {
  test.each([
    ['widens the hard limit', '[hard_limits.leverage]\nmax = 10.0\n'],
    ['widens it for one target', '[hard_limits."portfolio.leverage"]\nmax = 10.0\n'],
    ['sets bounds beyond it', '[bounds."portfolio.leverage"]\nmin = 1.0\nmax = 10.0\nmax_step = 9.0\n'],
    [
      'sets bounds on another spelling',
      '[bounds."portfolio.maxLeverageRatio"]\nmin = 1.0\nmax = 10.0\nmax_step = 9.0\n',
    ],
    ['hides a limit in an unknown key', '[hard_limit.leverage]\nmax = 10.0\n'],
  ])('%s is refused', (_, lines) => {
    expect(attempt([leverage(10)], { policy: POLICY + lines })).toBeNull();
  });
});

describe('a file that', () => {
  const load = (files: Readonly<Record<string, string>>) =>
    loadLiveConfig((path) => files[path] ?? null, { overridesPath: 'auto.toml', configPath: 'config.toml' });

  test.each([
    ['sets it', '"portfolio.leverage" = 10.0'],
    ['sets it as an integer', '"portfolio.leverage" = 10'],
    ['sets infinity', '"portfolio.leverage" = inf'],
    ['sets NaN', '"portfolio.leverage" = nan'],
    ['sets a text', '"portfolio.leverage" = "10"'],
    ['sets it twice', '"portfolio.leverage" = 1.5\n\n[auto_applied.portfolio]\nleverage = 10.0'],
    ['sets it unquoted', 'portfolio.leverage = 10.0'],
    ['sets a table', '"portfolio" = { leverage = 10.0 }'],
    ['sets the text parameter', '"portfolio.leverage_text" = "10"'],
    ['hides the word in camelCase', '"portfolio.maxLeverageRatio" = 10.0'],
  ])('%s in auto.toml changes nothing', (_, line) => {
    const loaded = load({ 'config.toml': BASE, 'auto.toml': `[auto_applied]\n${line}\n` });
    expect(loaded.ok && loaded.value.get('portfolio')).toEqual({
      leverage: 1,
      deleveraged: 1,
      maxLeverageRatio: 1,
      leverage_text: '1',
    });
    expect(loaded.ok && loaded.problems.length).toBeGreaterThan(0);
  });

  test('raises it in the base configuration stops a live session', () => {
    const loaded = load({ 'config.toml': BASE.replace('leverage = 1.0', 'leverage = 10.0') });
    expect(loaded.problems.map(({ code }) => code)).toEqual(['BASE_HARD_LIMIT']);
    expect(loaded.ok).toBe(false);
  });

  test('raises it in a layer stops a live session, too', () => {
    const loaded = load({
      'config.toml': BASE,
      'config/promotion.toml': `${POLICY}\n[config]\nlayers = ["config/extra.toml"]\n`,
      'config/extra.toml': '[portfolio]\nleverage = 10.0\n',
    });
    expect(loaded.ok).toBe(false);
  });

  test('turns a paper session into a live one by an override does not', () => {
    const loaded = load({
      'config.toml': BASE,
      'auto.toml': '[auto_applied]\n"environment.mode" = "paper"\n',
    });
    expect(loaded.ok && loaded.value.get('environment.mode')).toBe('live');
  });

  test('was edited by hand is not carried on: the loops refuse what a session would ignore, or say so', () => {
    const derivation = attempt([leverage(1.25)], { auto: '[auto_applied]\n"portfolio.leverage" = 10.0\n' });
    expect(derivation?.decisions[0]?.live?.value).toBe(1);
    expect(formatOverrideFile(derivation?.autoTomlAfter('auto') ?? neverNull())).toContain(
      '"portfolio.leverage" = 1.25',
    );
  });
});

function neverNull(): never {
  throw new Error('the loops refused to run');
}
