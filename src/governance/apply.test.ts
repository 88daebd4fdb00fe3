import { describe, expect, test } from 'vitest';
import { runCycle } from '../../test/support/builders/cycle.ts';
import { buildEvidencePatch, buildHealthSignal } from '../../test/support/builders/evidence.ts';
import { PARAMETERS } from '../../test/support/builders/learning.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { emptyOverrideFile, formatOverrideFile, type OverrideFile } from '../liveconfig/index.ts';
import { applyProposalsToLiveOverrides, promotableTargets } from './apply.ts';

const { proposals } = runCycle({
  'a.json': [
    buildHealthSignal(),
    buildEvidencePatch(),
    buildEvidencePatch({ id: '2', target: 'strategy.trigger_delay', old_value: 10, new_value: 8 }),
  ],
});

describe('applyProposalsToLiveOverrides', () => {
  test('makes the changes and touches nothing else', () => {
    const other: Parameter = { type: 'string', value: 'kept' };
    const current: OverrideFile = {
      ...emptyOverrideFile('auto_applied', ['# mine']),
      slots: new Set(['a.slot']),
      overrides: new Map([
        ['z.other', other],
        ['portfolio.leverage', { type: 'float', value: 1 } as Parameter],
      ]),
    };
    const after = applyProposalsToLiveOverrides(proposals, current, new Set(['b.slot']));
    expect(after.header).toEqual(['# mine']);
    expect(Object.fromEntries(after.overrides)).toEqual({
      'z.other': other,
      'portfolio.leverage': { type: 'float', value: 1.25 },
      'strategy.trigger_delay': { type: 'float', value: 8 },
    });
    expect([...after.slots].sort()).toEqual(['a.slot', 'b.slot']);
    expect(current.overrides.size).toBe(2);
  });

  test('starts from an empty file with a header where there is none', () => {
    const text = formatOverrideFile(applyProposalsToLiveOverrides(proposals, null, new Set()));
    expect(text).toMatch(
      /^# .*\n(?:# .*\n)*\n\[auto_applied\]\n"portfolio.leverage" = 1.25\n\n"strategy.trigger_delay" = 8.0\n$/,
    );
  });

  test('changes nothing for no proposal', () => {
    const current = { ...emptyOverrideFile('auto_applied', []), slots: new Set(['a']) };
    expect(applyProposalsToLiveOverrides([], current, new Set(['a']))).toEqual(current);
  });
});

test('promotableTargets are those that are listed, known and never hidden', () => {
  const policy = buildPolicy({ eligibility: { targets: ['portfolio.*', 'risk.*', 'unknown.target'] } });
  expect([...promotableTargets(PARAMETERS, policy)].sort()).toEqual([
    'portfolio.hedged',
    'portfolio.leverage',
    'portfolio.max_positions',
    'portfolio.rebalance',
  ]);
});
