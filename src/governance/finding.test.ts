import { expect, test } from 'vitest';
import { at } from '../../test/support/builders/at.ts';
import { describeFinding, EFFECTS } from './finding.ts';

test('describeFinding says until when', () => {
  const words = describeFinding({ code: 'NO_BOUNDS', effect: 'pending', until: at('2026-11-23') });
  expect(words).toBe('no bounds are set for the target (until 2026-11-23T00:00:00Z)');
});

test('describeFinding shows observed and required', () => {
  const words = describeFinding({
    code: 'STEP_EXCEEDED',
    effect: 'manual_only',
    observed: '0.5',
    required: '0.25',
  });
  expect(words).toBe('a step of 0.5 is larger than 0.25');
});

test('describeFinding has words for a conflict of every kind', () => {
  const words = ['direction', 'disagreement', 'experiment', 'other'].map((observed) =>
    describeFinding({ code: 'EVIDENCE_CONFLICT', effect: 'manual_only', observed }),
  );
  expect(new Set(words).size).toBe(4);
});

test('effects stand from the weakest to the strongest', () => {
  expect(EFFECTS).toEqual(['note', 'manual_only', 'pending', 'reject_sanity', 'reject_policy']);
});
