import { expect, test } from 'vitest';
import { instantFromMs, MINUTE_MS } from '../kernel/instant.ts';
import { JudgeHealth } from './judge-health.ts';

const at = (minutes: number) => instantFromMs(1_795_300_000_000 + minutes * MINUTE_MS);

test('JudgeHealth is ready for 25 minutes after a reconciliation', () => {
  const health = new JudgeHealth();
  expect(health.read(at(0))).toEqual({ ready: false, reason: 'starting', reconciled_at: null });
  health.succeeded(at(0));
  expect(health.read(at(25))).toMatchObject({
    ready: true,
    reason: null,
    reconciled_at: '2026-11-21T22:26:40Z',
  });
  expect(health.read(at(26))).toMatchObject({ ready: false, reason: 'late' });
  health.succeeded(at(26));
  expect(health.read(at(26))).toMatchObject({ ready: true });
});

test('JudgeHealth is not ready with a refused key, until it is taken again, nor while it stops', () => {
  const health = new JudgeHealth();
  health.succeeded(at(0));
  health.refused();
  expect(health.read(at(1))).toMatchObject({ ready: false, reason: 'key_refused' });
  health.succeeded(at(2));
  expect(health.read(at(3))).toMatchObject({ ready: true });
  health.stopping();
  expect(health.read(at(3))).toMatchObject({ ready: false, reason: 'stopping' });
});
