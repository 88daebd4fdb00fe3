import { formatInstant, type Instant } from '../../kernel/instant.ts';
import type { LearningSignal } from '../schema.ts';
import { type BoundedParameter, buildSignal, stepWithin } from './build-signal.ts';

/** What a test-health run found, with TestHealth's own field meanings (`upstream-formats.md` A.1). */
export interface TestHealthSummary {
  readonly profileName: string;
  readonly finishedAt: Instant;
  /** 0–100: passed weight ÷ total weight × 100. */
  readonly healthScore: number;
  readonly passedChecks: number;
  readonly failedChecks: number;
  readonly skippedChecks: number;
  readonly violations: readonly { readonly severity: 'info' | 'warning' | 'error' }[];
}

/** TestHealth's own traffic light: green from 80 without violations, red below 50 (`upstream-formats.md` A.1). */
const GREEN_SCORE = 80;
const RED_SCORE = 50;
/** That a check failed is a fact, not an estimate; 0.9 leaves room for a flaky check (ADR 0005). */
const DERISK_CONFIDENCE = 0.9;

/**
 * Healthy tests recommend one step more leverage, with the score as confidence; red ones, or an error violation, one step
 * less. Anything between recommends nothing; the score itself is always reported, because the auto lane needs it.
 */
export function buildTestHealthLeverageSignal(
  summary: TestHealthSummary,
  leverage: BoundedParameter,
): LearningSignal {
  const direction = healthDirection(summary);
  return buildSignal(
    {
      source: 'test_health',
      createdAt: summary.finishedAt,
      experimentId: `test_health/${summary.profileName}/${formatInstant(summary.finishedAt)}`,
      sampleSize: summary.passedChecks + summary.failedChecks + summary.skippedChecks,
      metrics: {
        health_score: summary.healthScore,
        failed_checks: summary.failedChecks,
        profile: summary.profileName.slice(0, 200),
      },
      summary: `Test health of ${summary.profileName} is ${summary.healthScore} of 100.`,
    },
    stepWithin(leverage, direction),
    direction < 0 ? DERISK_CONFIDENCE : Math.round(summary.healthScore * 10) / 1000,
  );
}

function healthDirection({ healthScore, violations }: TestHealthSummary): -1 | 0 | 1 {
  if (healthScore < RED_SCORE || violations.some(({ severity }) => severity === 'error')) return -1;
  return healthScore >= GREEN_SCORE && violations.length === 0 ? 1 : 0;
}
