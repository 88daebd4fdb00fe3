import { formatInstant, type Instant } from '../../kernel/instant.ts';
import type { LearningSignal } from '../schema.ts';
import { type BoundedParameter, buildSignal, stepWithin } from './build-signal.ts';

/** How an operator reacted in a trigger-training drill (`upstream-formats.md` A.2, `reaction_summary_to_dict`). */
export interface TriggerTrainingSummary {
  readonly sessionId: string;
  readonly finishedAt: Instant;
  readonly countTotal: number;
  readonly countImpulsive: number;
  readonly countOnTime: number;
  readonly countLate: number;
  readonly countMissed: number;
  readonly countSkipped: number;
  /** Milliseconds over the reactions that happened; null when there were none. */
  readonly medianReactionMs: number | null;
}

/** Fewer reactions say nothing (a Wilson interval at n = 20 is still ±0.2 wide). */
const MIN_REACTIONS = 20;
/** Late and impulsive shares must differ by this much before the delay moves (ADR 0005). */
const MIN_SHARE_DIFFERENCE = 0.2;
/** Two-sided 95 % quantile of the normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Reactions that come late or never recommend a shorter trigger delay, impulsive ones a longer one. Confidence is the
 * lower Wilson bound (95 %) of the stronger side's share among the reactions that were off.
 */
export function buildTriggerTimingSignal(
  summary: TriggerTrainingSummary,
  delay: BoundedParameter,
): LearningSignal {
  const acted = summary.countTotal - summary.countSkipped;
  const late = summary.countLate + summary.countMissed;
  const impulsive = summary.countImpulsive;
  const difference = acted === 0 ? 0 : (late - impulsive) / acted;
  const clear = acted >= MIN_REACTIONS && Math.abs(difference) >= MIN_SHARE_DIFFERENCE;
  const direction = !clear ? 0 : difference > 0 ? -1 : 1;
  return buildSignal(
    {
      source: 'trigger_training',
      createdAt: summary.finishedAt,
      experimentId: `trigger_training/${summary.sessionId}/${formatInstant(summary.finishedAt)}`,
      sampleSize: acted,
      metrics: {
        late_or_missed: late,
        impulsive,
        on_time: summary.countOnTime,
        median_reaction_ms: summary.medianReactionMs,
      },
      summary: `${late} of ${acted} reactions late or missed, ${impulsive} impulsive.`,
    },
    stepWithin(delay, direction),
    lowerWilsonBound(Math.max(late, impulsive), late + impulsive),
  );
}

/** Lower bound of a share's 95 % Wilson score interval, to three decimals; 0 for no observation (E. B. Wilson 1927). */
function lowerWilsonBound(hits: number, total: number): number {
  if (total === 0) return 0;
  const share = hits / total;
  const z2 = Z_95 * Z_95;
  const centre = share + z2 / (2 * total);
  const spread = Z_95 * Math.sqrt((share * (1 - share) + z2 / (4 * total)) / total);
  return Math.floor(((centre - spread) / (1 + z2 / total)) * 1000) / 1000;
}
