import { expect, test } from 'vitest';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import { policyKeyOf } from './policy-key.ts';

const POLICY = buildPolicy({
  bounds: { leverage: { min: 1, max: 2, max_step: 0.25 }, 'macro.x': { min: 0, max: 1, max_step: 1 } },
});

test.each([
  ['TARGET_NOT_LISTED', 'a.b', ['eligibility', 'targets']],
  ['OUT_OF_BOUNDS', 'portfolio.leverage', ['bounds', 'leverage']],
  ['STEP_EXCEEDED', 'macro.x', ['bounds', 'macro.x']],
  ['STEP_EXCEEDED', 'a.b', ['bounds']],
  ['MODE_NOT_AUTO', 'a.b', ['promotion', 'lock']],
  ['HARD_LIMIT', 'portfolio.leverage', null],
  ['TARGET_UNKNOWN', 'a.b', null],
] as const)('policyKeyOf %s for %s', (code, target, key) => {
  expect(policyKeyOf(code, target, POLICY)).toEqual(key);
});

test('policyKeyOf names the mode where the mode decides', () => {
  expect(policyKeyOf('MODE_NOT_AUTO', 'a.b', buildPolicy({ promotion: { mode: 'manual_only' } }))).toEqual([
    'promotion',
    'mode',
  ]);
});
