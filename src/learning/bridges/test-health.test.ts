import { describe, expect, test } from 'vitest';
import { at } from '../../../test/support/builders/at.ts';
import { evidenceOf } from '../../../test/support/builders/evidence.ts';
import { findSignalFaults } from '../emit.ts';
import { buildTestHealthLeverageSignal, type TestHealthSummary } from './test-health.ts';

const LEVERAGE = { target: 'portfolio.leverage', current: 1, step: 0.25, min: 1, max: 2 };

function build(overrides: Partial<TestHealthSummary> = {}, leverage = LEVERAGE) {
  const summary: TestHealthSummary = {
    profileName: 'weekly_core',
    finishedAt: at('2026-03-08T03:04:51.902114'),
    healthScore: 92.5,
    passedChecks: 37,
    failedChecks: 2,
    skippedChecks: 1,
    violations: [],
    ...overrides,
  };
  return buildTestHealthLeverageSignal(summary, leverage);
}

describe('buildTestHealthLeverageSignal', () => {
  test('is this, for a healthy run', () => {
    expect(build()).toEqual({
      schema_version: 1,
      signal_id: expect.stringMatching(/^test_health-20260308T030451Z-[0-9a-f]{8}$/),
      source: 'test_health',
      created_at: '2026-03-08T03:04:51.902Z',
      experiment_id: 'test_health/weekly_core/2026-03-08T03:04:51.902Z',
      confidence: 0.925,
      sample_size: 40,
      metrics: { health_score: 92.5, failed_checks: 2, profile: 'weekly_core' },
      summary: 'Test health of weekly_core is 92.5 of 100.',
      recommended_changes: [{ target: 'portfolio.leverage', old_value: 1, new_value: 1.25 }],
    });
  });

  test.each<readonly [string, Partial<TestHealthSummary>, number | null]>([
    ['green', { healthScore: 80 }, 1.75],
    ['almost green', { healthScore: 79.9 }, null],
    ['green with an info', { healthScore: 99, violations: [{ severity: 'info' }] }, null],
    ['green with a warning', { healthScore: 99, violations: [{ severity: 'warning' }] }, null],
    [
      'green with an error',
      { healthScore: 99, violations: [{ severity: 'warning' }, { severity: 'error' }] },
      1.25,
    ],
    ['yellow', { healthScore: 50 }, null],
    ['red', { healthScore: 49.9 }, 1.25],
    ['no checks at all', { healthScore: 0, passedChecks: 0, failedChecks: 0, skippedChecks: 0 }, 1.25],
  ])('recommends for %s', (_, summary, to) => {
    const changes = build(summary, { ...LEVERAGE, current: 1.5 }).recommended_changes;
    expect(changes.map(({ new_value }) => new_value)).toEqual(to === null ? [] : [to]);
  });

  test('is sure of a failure, and as sure of health as the score', () => {
    expect(build({ healthScore: 10 }).confidence).toBe(0.9);
    expect(build({ healthScore: 100 }).confidence).toBe(1);
    expect(build({ healthScore: 83.33333 }).confidence).toBe(0.833);
  });

  test('never raises leverage on a worse run', () => {
    const values = [0, 49, 50, 79, 80, 100].map(
      (healthScore) =>
        build({ healthScore }, { ...LEVERAGE, current: 1.5 }).recommended_changes[0]?.new_value ?? 1.5,
    );
    expect(values).toEqual([...values].sort());
  });

  test('gives the auto lane its score, whatever it recommends', () => {
    for (const healthScore of [0, 60, 100]) {
      const evidence = evidenceOf({ 'a.json': build({ healthScore }) });
      expect(evidence.latestHealth).toEqual({
        score: healthScore,
        time: at('2026-03-08T03:04:51.902Z'),
        expiresAt: null,
      });
      expect(evidence.problems).toEqual([]);
    }
  });

  test.each([0, 33.333333333333336, 66.66666666666667, 100])('is a valid signal at %d', (healthScore) => {
    expect(findSignalFaults(build({ healthScore }))).toEqual([]);
  });

  test('is a valid signal for a profile of any name', () => {
    for (const profileName of ['a\n::error::x', 'x'.repeat(500), '😀'.repeat(300), '']) {
      expect(findSignalFaults(build({ profileName }))).toEqual([]);
    }
  });
});
