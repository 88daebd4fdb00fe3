import { describe, expect, test } from 'vitest';
import { decidePatch } from '../../test/support/builders/candidate.ts';
import { type Change, changeSetDigest, changesOf } from './change-set.ts';

const CHANGE: Change = { target: 'portfolio.leverage', type: 'float', old: 1, new: 1.25 };

describe('changesOf', () => {
  test('are those of one lane, sorted by target', () => {
    const decisions = [
      decidePatch({ target: 'strategy.trigger_delay', value: 8, claimedOld: [] }),
      decidePatch({ target: 'portfolio.rebalance', value: 'weekly', claimedOld: [] }),
      decidePatch(),
      decidePatch({ value: 99 }),
    ];
    expect(changesOf(decisions, 'auto')).toEqual([
      CHANGE,
      { target: 'strategy.trigger_delay', type: 'float', old: 10, new: 8 },
    ]);
    expect(changesOf(decisions, 'manual')).toEqual([
      { target: 'portfolio.rebalance', type: 'string', old: 'daily', new: 'weekly' },
    ]);
  });
});

describe('changeSetDigest', () => {
  test('is pinned: another one is another derivation version', () => {
    expect(changeSetDigest([CHANGE])).toBe(
      '617c53b71113e03310396f2a8f11fe9801937b3bd2b6f6e198a363729cb3dec5',
    );
  });

  test.each<readonly [string, readonly Change[]]>([
    ['another target', [{ ...CHANGE, target: 'portfolio.leverag' }]],
    ['another old value', [{ ...CHANGE, old: 1.1 }]],
    ['another new value', [{ ...CHANGE, new: 1.5 }]],
    ['another type', [{ ...CHANGE, type: 'integer' }]],
    ['another kind of value', [{ ...CHANGE, type: 'string', old: '1', new: '1.25' }]],
    ['another change', [CHANGE, { ...CHANGE, target: 'z' }]],
    ['nothing', []],
  ])('differs for %s', (_, changes) => {
    expect(changeSetDigest(changes)).not.toBe(changeSetDigest([CHANGE]));
  });

  test('cannot be forged by a text that looks like two changes', () => {
    const forged = changeSetDigest([{ target: 'a', type: 'string', old: 'x","y"],["b","1', new: '2' }]);
    const plain = changeSetDigest([
      { target: 'a', type: 'string', old: 'x', new: 'y' },
      { target: 'b', type: 'string', old: '1', new: '2' },
    ]);
    expect(forged).not.toBe(plain);
  });
});
