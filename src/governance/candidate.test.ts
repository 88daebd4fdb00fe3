import { describe, expect, test } from 'vitest';
import { buildPatch } from '../../test/support/builders/candidate.ts';
import { buildPolicy } from '../../test/support/builders/policy.ts';
import type { ConfigPatch } from '../learning/index.ts';
import { buildPromotionCandidatesFromPatches, isEligible, isListed, isNeverTarget } from './candidate.ts';

describe('buildPromotionCandidatesFromPatches', () => {
  test('leaves out what is live already or has expired', () => {
    const patches = (['PROPOSED', 'APPLIED_OFFLINE', 'PROMOTED', 'RETIRED'] as const).map((status) =>
      buildPatch({ status }),
    );
    const found = buildPromotionCandidatesFromPatches(patches, buildPolicy()).map(
      ({ patch }) => patch.status,
    );
    expect(found).toEqual(['PROPOSED', 'APPLIED_OFFLINE']);
  });

  test('tags by target, policy and evidence', () => {
    const [candidate] = buildPromotionCandidatesFromPatches(
      [buildPatch({ tags: ['r_and_d'] })],
      buildPolicy(),
    );
    expect(candidate).toMatchObject({ tags: ['leverage', 'r_and_d'], eligibleForLive: true });
  });
});

describe('isEligible', () => {
  test.each<readonly [Partial<ConfigPatch>, boolean]>([
    [{}, true],
    [{ confidence: 0.75 }, true],
    [{ confidence: 0.7499999 }, false],
    [{ confidence: null }, false],
    [{ confidence: Number.NaN }, false],
    [{ liveReady: false }, false],
    [{ target: 'risk.max_position' }, false],
  ])('%j: %s', (patch, expected) => {
    expect(isEligible(buildPatch(patch), buildPolicy())).toBe(expected);
  });

  test('is false for everything in a policy that lists nothing', () => {
    expect(isEligible(buildPatch({ confidence: 1 }), buildPolicy({ eligibility: {} }))).toBe(false);
  });
});

test('isListed takes whole segments, in the case as written', () => {
  const policy = buildPolicy({ eligibility: { targets: ['a.b', 'c.*'] } });
  expect(
    ['a.b', 'a.b.c', 'a', 'A.b', 'a.bc', 'c.x', 'c.x.y', 'c'].filter((target) => isListed(target, policy)),
  ).toEqual(['a.b', 'c.x', 'c.x.y']);
});

describe('isNeverTarget', () => {
  const policy = buildPolicy({ never: { targets: ['risk.stop_loss', 'live.api_keys.*', 'strategy.name'] } });

  test.each([
    'risk.stop_loss',
    'Risk.Stop_Loss',
    'risk.stop_loss.percent',
    'risk',
    'live.api_keys.binance',
    'LIVE.api_keys.x.y',
    'strategy.name',
  ])('covers %s', (target) => expect(isNeverTarget(target, policy)).toBe(true));

  test.each([
    'strategy.name_suffix',
    'strategy.stop_loss',
    'risk.stop_losses',
    'live.max',
    'portfolio.leverage',
  ])('leaves %s alone', (target) => expect(isNeverTarget(target, policy)).toBe(false));

  test.each(['environment.mode', 'exchange.secret', 'slack.token'])(
    'covers %s, whatever the policy says',
    (target) => {
      expect(isNeverTarget(target, buildPolicy({ never: { targets: [], tags: [] } }))).toBe(true);
    },
  );
});
