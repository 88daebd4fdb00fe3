import { describe, expect, test } from 'vitest';
import { at } from '../../../test/support/builders/at.ts';
import { buildPlannedChange, buildRuleContext } from '../../../test/support/builders/candidate.ts';
import { PARAMETERS } from '../../../test/support/builders/learning.ts';
import { buildPolicy } from '../../../test/support/builders/policy.ts';
import type { Parameter } from '../../kernel/scalar.ts';
import type { ConfigPatch } from '../../learning/index.ts';
import { buildHistoryView } from '../history-view.ts';
import { type PlannedChange, RULES, type RuleContext } from './index.ts';

type Parts = { readonly change?: Partial<PlannedChange>; readonly context?: Partial<RuleContext> };

/** What one rule says of a patch, as `code effect`. */
function check(
  rule: string,
  patch: Partial<ConfigPatch> = {},
  { change, context }: Parts = {},
): readonly string[] {
  const found = RULES.find(({ name }) => name === rule);
  if (found === undefined) throw new Error(`no rule ${rule}`);
  return found
    .check(buildPlannedChange(patch, change), buildRuleContext(context))
    .map(({ code, effect }) => `${code} ${effect}`);
}

test('every rule holds for a change that is right, but history where there is none', () => {
  const findings = RULES.flatMap(({ name }) => check(name));
  expect(findings).toEqual(['HISTORY_UNDETERMINED note']);
});

describe('killswitch', () => {
  test.each([
    ['disabled', ['KILLSWITCH reject_policy']],
    ['manual_only', ['MODE_NOT_AUTO manual_only']],
    ['bounded_auto', []],
  ] as const)('in mode %s: %j', (mode, findings) => {
    expect(check('killswitch', {}, { context: { mode } })).toEqual(findings);
  });
});

describe('eligibility', () => {
  test.each<readonly [Partial<ConfigPatch>, readonly string[]]>([
    [{ confidence: 0.75 }, []],
    [{ confidence: 0.749 }, ['CONFIDENCE_TOO_LOW reject_policy']],
    [{ confidence: null }, ['CONFIDENCE_MISSING reject_policy']],
    [{ target: 'risk.max_position' }, ['TARGET_NOT_LISTED reject_policy']],
    [{ target: 'portfolio.leverage.x' }, ['TARGET_NOT_LISTED reject_policy']],
    [{ liveReady: false }, ['NOT_LIVE_READY reject_policy']],
    [
      { target: 'x', confidence: 0.1, liveReady: false },
      ['TARGET_NOT_LISTED reject_policy', 'CONFIDENCE_TOO_LOW reject_policy', 'NOT_LIVE_READY reject_policy'],
    ],
  ])('%j: %j', (patch, findings) => expect(check('eligibility', patch)).toEqual(findings));
});

describe('hold', () => {
  const soon = { reason: 'drill', until: '2026-11-22T03:00:01Z' };
  const over = { reason: 'drill', until: '2026-11-22T03:00:00Z' };
  test.each<readonly [string, ReturnType<typeof buildPolicy>['holds'], readonly string[]]>([
    ['none', {}, []],
    ['the target', { 'portfolio.leverage': { reason: 'drill' } }, ['HELD manual_only']],
    ['the table above it, in other letters', { Portfolio: { reason: 'drill' } }, ['HELD manual_only']],
    ['a pattern', { '*.leverage': { reason: 'drill' } }, ['HELD manual_only']],
    ['another target', { 'portfolio.leverage_cap': { reason: 'drill' } }, []],
    ['until later', { 'portfolio.leverage': soon }, ['HELD manual_only']],
    ['until now', { 'portfolio.leverage': over }, []],
    [
      'twice',
      { 'portfolio.leverage': { reason: 'a' }, portfolio: { reason: 'b' } },
      ['HELD manual_only', 'HELD manual_only'],
    ],
  ])('on %s', (_, held, findings) => {
    const context = { policy: buildPolicy({ holds: held }) };
    expect(check('hold', {}, { context })).toEqual(findings);
  });
});

describe('never-list', () => {
  test.each<readonly [Partial<ConfigPatch>, readonly string[]]>([
    [{ target: 'risk.stop_loss' }, ['NEVER_TARGET reject_policy']],
    [{ target: 'Risk.Stop_Loss' }, ['NEVER_TARGET reject_policy']],
    [{ target: 'live.api_keys.binance' }, ['NEVER_TARGET reject_policy']],
    [{ target: 'strategy.name_suffix' }, []],
    [{ target: 'strategy.stop_loss' }, []],
    [{ target: 'environment.mode' }, ['NEVER_TARGET reject_policy']],
    [{ target: 'x.password' }, ['NEVER_TARGET reject_policy']],
    [{ tags: ['r_and_d'] }, ['NEVER_TAG reject_policy']],
    [{ tags: ['experimental', 'untested'] }, ['NEVER_TAG reject_policy', 'NEVER_TAG reject_policy']],
    [{ tags: ['tested'] }, []],
  ])('%j: %j', (patch, findings) => expect(check('never-list', patch)).toEqual(findings));
});

describe('shape', () => {
  test.each<readonly [string, Partial<ConfigPatch>, readonly string[]]>([
    ['an unknown target', { target: 'a.b' }, ['TARGET_UNKNOWN reject_sanity']],
    ['a text for a number', { value: '1.25' }, ['WRONG_TYPE reject_sanity']],
    ['true for a number', { value: true }, ['WRONG_TYPE reject_sanity']],
    ['not a number', { value: Number.NaN }, ['WRONG_TYPE reject_sanity']],
    ['infinity', { value: Number.POSITIVE_INFINITY }, ['WRONG_TYPE reject_sanity']],
    ['a number beyond 2^53', { value: 2 ** 53 }, ['WRONG_TYPE reject_sanity']],
    ['a whole number for a float', { value: 2 }, []],
    [
      'a fraction for an integer',
      { target: 'portfolio.max_positions', value: 5.5 },
      ['WRONG_TYPE reject_sanity'],
    ],
    ['a number for a text', { target: 'portfolio.rebalance', value: 1 }, ['WRONG_TYPE reject_sanity']],
    ['a number for a boolean', { target: 'portfolio.hedged', value: 1 }, ['WRONG_TYPE reject_sanity']],
    ['a text', { target: 'portfolio.rebalance', value: 'weekly' }, []],
    [
      'a text with an escape',
      { target: 'portfolio.rebalance', value: '\u001b[31m' },
      ['VALUE_UNSAFE reject_sanity'],
    ],
    [
      'a text with a line separator',
      { target: 'portfolio.rebalance', value: 'a\u2028' },
      ['VALUE_UNSAFE reject_sanity'],
    ],
    [
      'a text with a direction mark',
      { target: 'portfolio.rebalance', value: '\u202ea' },
      ['VALUE_UNSAFE reject_sanity'],
    ],
    [
      'a text with tag characters',
      { target: 'portfolio.rebalance', value: 'a\u{e0041}' },
      ['VALUE_UNSAFE reject_sanity'],
    ],
    ['the live value', { value: 1 }, ['NO_CHANGE reject_sanity']],
    ['a hidden value', { value: '[redacted]', redacted: true }, ['VALUE_HIDDEN reject_sanity']],
  ])('%s', (_, patch, findings) => expect(check('shape', patch)).toEqual(findings));
});

describe('hard-limits', () => {
  const limited = buildPolicy({
    hard_limits: { leverage: { max: 2 }, 'macro.regime_weight': { max: 0.5 }, special: { min: 5 } },
  });

  test.each<readonly [Partial<ConfigPatch>, readonly string[]]>([
    [{ value: 0 }, []],
    [{ value: 3 }, []],
    [{ value: 3.0000000001 }, ['HARD_LIMIT reject_sanity']],
    [{ value: -0.1 }, ['HARD_LIMIT reject_sanity']],
    [{ value: Number.NaN }, ['HARD_LIMIT reject_sanity']],
    [{ value: 1e308 }, ['HARD_LIMIT reject_sanity']],
    [{ value: '9' }, ['HARD_LIMIT reject_sanity']],
    [{ target: 'strategy.trigger_delay', value: 9 }, []],
    [{ target: 'strategy.trigger_delay', value: 9, tags: ['leverage'] }, ['HARD_LIMIT reject_sanity']],
  ])('compiled in: %j: %j', (patch, findings) => expect(check('hard-limits', patch)).toEqual(findings));

  test.each<readonly [Partial<ConfigPatch>, readonly string[]]>([
    [{ value: 2 }, []],
    [{ value: 2.1 }, ['HARD_LIMIT reject_sanity']],
    [{ value: 3.1 }, ['HARD_LIMIT reject_sanity', 'HARD_LIMIT reject_sanity']],
    [{ target: 'macro.regime_weight', value: 0.51 }, ['HARD_LIMIT reject_sanity']],
    [{ value: 2, tags: ['special'] }, ['HARD_LIMIT reject_sanity']],
  ])('narrowed by the policy: %j: %j', (patch, findings) => {
    expect(check('hard-limits', patch, { context: { policy: limited } })).toEqual(findings);
  });

  test('hold for what is planned as well as for what was recommended', () => {
    expect(check('hard-limits', { value: 1.25 }, { change: { planned: 3.5 } })).toEqual([
      'HARD_LIMIT reject_sanity',
    ]);
    expect(check('hard-limits', { value: 3.5 }, { change: { planned: 1.25 } })).toEqual([
      'HARD_LIMIT reject_sanity',
    ]);
  });
});

describe('freshness', () => {
  const offline = new Map([['portfolio.leverage', 1.5]]);

  test.each<readonly [string, Partial<ConfigPatch>, readonly string[]]>([
    ['no claim', { claimedOld: [] }, []],
    ['the live value', { claimedOld: [1] }, []],
    ['the offline value', { claimedOld: [1.5] }, []],
    ['both', { claimedOld: [1, 1.5] }, []],
    ['another one', { claimedOld: [1, 1.75] }, ['OLD_VALUE_STALE manual_only']],
    ['a text of the live value', { claimedOld: ['1'] }, ['OLD_VALUE_STALE manual_only']],
    ['true', { claimedOld: [true] }, ['OLD_VALUE_STALE manual_only']],
  ])('claims %s', (_, patch, findings) => {
    expect(check('freshness', patch, { context: { offline } })).toEqual(findings);
  });

  test('shows all values', () => {
    const rule = RULES.find(({ name }) => name === 'freshness');
    expect(
      rule?.check(buildPlannedChange({ claimedOld: [1.75] }), buildRuleContext({ offline })),
    ).toMatchObject([{ observed: '1.75', required: 'live is 1.0, offline is 1.5' }]);
  });

  test.each([
    ['2026-11-15T03:00:00Z', []],
    ['2026-11-15T02:59:59Z', ['EVIDENCE_OLD manual_only']],
    ['2026-11-22T03:05:00Z', []],
  ])('of evidence from %s: %j', (newest, findings) => {
    expect(check('freshness', { newest: at(newest) })).toEqual(findings);
  });

  test('of evidence without a date', () => {
    expect(check('freshness', { newest: null, undated: 1 })).toEqual(['EVIDENCE_UNDATED manual_only']);
    expect(check('freshness', { undated: 1, evidenceCount: 2 })).toEqual(['EVIDENCE_UNDATED manual_only']);
  });
});

describe('bounds', () => {
  const live = (value: number, type: Parameter['type'] = 'float') => ({ change: { live: { type, value } } });

  test.each<readonly [string, Partial<ConfigPatch>, Parts, readonly string[]]>([
    ['one step', { value: 1.25 }, live(1), []],
    ['one step down', { value: 1 }, live(1.25), []],
    ['more than a step', { value: 1.26 }, live(1), ['STEP_EXCEEDED manual_only']],
    ['the upper edge', { value: 2 }, live(1.75), []],
    ['beyond it', { value: 2.01 }, live(2), ['OUT_OF_BOUNDS manual_only']],
    ['below the lower edge', { value: 0.9 }, live(1), ['OUT_OF_BOUNDS manual_only']],
    ['both', { value: 2.5 }, live(1), ['OUT_OF_BOUNDS manual_only', 'STEP_EXCEEDED manual_only']],
    ['back into the bounds', { value: 2 }, live(2.25), []],
    ['0.3 → 0.4, step 0.1', { target: 'macro.regime_weight', value: 0.4 }, live(0.3), []],
    ['0.7 → 0.8, step 0.1', { target: 'macro.regime_weight', value: 0.8 }, live(0.7), []],
    [
      '0.3 → 0.400001',
      { target: 'macro.regime_weight', value: 0.400001 },
      live(0.3),
      ['STEP_EXCEEDED manual_only'],
    ],
    [
      'no bounds',
      { target: 'portfolio.max_positions', value: 6 },
      live(5, 'integer'),
      ['NO_BOUNDS manual_only'],
    ],
    ['a text', { target: 'portfolio.rebalance', value: 'weekly' }, {}, ['NO_BOUNDS manual_only']],
    ['a boolean', { target: 'portfolio.hedged', value: true }, {}, ['NO_BOUNDS manual_only']],
  ])('%s', (_, patch, parts, findings) => expect(check('bounds', patch, parts)).toEqual(findings));

  test('measure from the live value, never from what the evidence claims', () => {
    expect(check('bounds', { value: 2, claimedOld: [1.75] }, live(1))).toEqual(['STEP_EXCEEDED manual_only']);
  });

  test('are not lent by a tag of the evidence', () => {
    const patch = { target: 'portfolio.max_positions', value: 6, tags: ['leverage', 'macro', 'trigger'] };
    const policy = buildPolicy({
      bounds: { leverage: { min: 0, max: 3, max_step: 3 }, trigger: { min: 0, max: 99, max_step: 99 } },
    });
    expect(check('bounds', patch, { context: { policy } })).toEqual(['NO_BOUNDS manual_only']);
  });

  test('of several tags must all hold', () => {
    const policy = buildPolicy({
      bounds: { leverage: { min: 1, max: 3, max_step: 1 }, macro: { min: 0, max: 1.5, max_step: 0.1 } },
    });
    const parts = { change: { live: { type: 'float', value: 1 } as const }, context: { policy } };
    expect(check('bounds', { target: 'macro.bull_leverage', value: 1.1 }, parts)).toEqual([]);
    expect(check('bounds', { target: 'macro.bull_leverage', value: 1.2 }, parts)).toEqual([
      'STEP_EXCEEDED manual_only',
    ]);
    expect(check('bounds', { target: 'macro.bull_leverage', value: 1.6 }, parts)).toEqual([
      'OUT_OF_BOUNDS manual_only',
      'STEP_EXCEEDED manual_only',
    ]);
  });

  test('say when a step was clamped', () => {
    expect(check('bounds', { value: 2 }, { change: { planned: 1.25 } })).toEqual(['STEP_CLAMPED note']);
  });
});

describe('auto-confidence', () => {
  test.each<readonly [Partial<ConfigPatch>, readonly string[]]>([
    [{ confidence: 0.8 }, []],
    [{ confidence: 0.7999 }, ['CONFIDENCE_NOT_AUTO manual_only']],
    [{ conflict: 'direction' }, ['EVIDENCE_CONFLICT manual_only']],
    [
      { conflict: 'disagreement', confidence: 0.1 },
      ['CONFIDENCE_NOT_AUTO manual_only', 'EVIDENCE_CONFLICT pending'],
    ],
    [{ unfit: { count: 2, place: 'a.json:1' } }, ['EVIDENCE_WRONG_TYPE manual_only']],
  ])('%j: %j', (patch, findings) => expect(check('auto-confidence', patch)).toEqual(findings));
});

describe('test-health', () => {
  test.each([
    [80, '2026-11-20T03:00:00Z', []],
    [79.9, '2026-11-22T03:00:00Z', ['TEST_HEALTH_LOW manual_only']],
    [100, '2026-11-20T02:59:59Z', ['TEST_HEALTH_OLD manual_only']],
    [0, '2026-11-22T03:00:00Z', ['TEST_HEALTH_LOW manual_only']],
  ])('%d at %s: %j', (score, time, findings) => {
    const latestHealth = { score, time: at(time), expiresAt: null };
    expect(check('test-health', {}, { context: { latestHealth } })).toEqual(findings);
  });

  test.each([
    ['2026-11-22T03:00:00Z', ['TEST_HEALTH_OLD manual_only']],
    ['2026-11-22T03:00:01Z', []],
  ])('a good score that expires at %s: %j', (expires, findings) => {
    const latestHealth = { score: 99, time: at('2026-11-22T02:00:00Z'), expiresAt: at(expires) };
    expect(check('test-health', {}, { context: { latestHealth } })).toEqual(findings);
  });

  test('none: the auto lane is closed', () => {
    expect(check('test-health', {}, { context: { latestHealth: null } })).toEqual([
      'TEST_HEALTH_MISSING manual_only',
    ]);
  });
});

test('history that is not known closes the auto lane of published cycles', () => {
  expect(check('history')).toEqual(['HISTORY_UNDETERMINED note']);
  expect(check('history', {}, { context: { published: true } })).toEqual([
    'HISTORY_UNDETERMINED manual_only',
  ]);
  expect(check('history', {}, { context: { published: true, history: buildHistoryView([]) } })).toEqual([]);
});

test('rules tell no value of a hidden patch', () => {
  const live = new Map([
    ...PARAMETERS,
    ['live.api_keys.binance', { type: 'string', value: 'the-live-key' } as const],
  ]);
  const change = buildPlannedChange(
    { target: 'live.api_keys.binance', value: '[redacted]', redacted: true, claimedOld: [] },
    { live: { type: 'string', value: 'the-live-key' } },
  );
  const findings = RULES.flatMap((rule) =>
    rule.check(
      change,
      buildRuleContext({ live, offline: new Map([['live.api_keys.binance', 'the-live-key']]) }),
    ),
  );
  expect(findings.length).toBeGreaterThan(1);
  expect(JSON.stringify(findings)).not.toContain('the-live-key');
});
