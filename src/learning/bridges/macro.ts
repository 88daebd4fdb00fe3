import { formatInstant, type Instant } from '../../kernel/instant.ts';
import type { LearningSignal } from '../schema.ts';
import { type BoundedParameter, buildSignal, stepWithin } from './build-signal.ts';

/** One evaluated macro event (`upstream-formats.md` A.3). */
export interface MacroEvent {
  readonly eventId: string;
  readonly direction: 'bullish' | 'bearish' | 'neutral' | 'uncertain';
  readonly confidence: 'low' | 'medium' | 'high';
  /** 1–5. */
  readonly importance: number;
}

/** The macro events of one evaluation. */
export interface MacroSummary {
  readonly evaluatedAt: Instant;
  readonly events: readonly MacroEvent[];
}

/** InfoStream's words as numbers; "high" stays under certainty (ADR 0005). */
const CONFIDENCE = { low: 0.5, medium: 0.75, high: 0.9 } as const;
/** Bearish events call for more weight on the regime ("Raise regime weight slightly", `upstream-formats.md` A.3). */
const DIRECTION = { bearish: 1, bullish: -1, neutral: 0, uncertain: 0 } as const;
/** Below this balance the events contradict each other too much to move anything (ADR 0005). */
const MIN_BALANCE = 0.3;

/**
 * Bearish events recommend one step more regime weight, bullish ones one step less, weighted by importance × confidence.
 * Confidence is the balance of the events (1 = all agree) times their mean confidence.
 */
export function buildMacroWeightingSignal(summary: MacroSummary, weight: BoundedParameter): LearningSignal {
  const { balance, meanConfidence } = weighEvents(summary.events);
  const direction = Math.abs(balance) < MIN_BALANCE ? 0 : balance > 0 ? 1 : -1;
  const ids = summary.events.map(({ eventId }) => eventId).sort();
  return buildSignal(
    {
      source: 'macro',
      createdAt: summary.evaluatedAt,
      experimentId: `macro/${formatInstant(summary.evaluatedAt)}/${ids.join(',')}`,
      sampleSize: ids.length,
      metrics: { balance: Math.round(balance * 1000) / 1000, events: ids.length },
      summary: `${ids.length} macro events, balance ${balance.toFixed(3)} (1 = all bearish).`,
    },
    stepWithin(weight, direction),
    floorToThousandth(Math.abs(balance) * meanConfidence),
  );
}

/** Never rounds up; a billionth is noise of binary fractions, not a fraction of a thousandth. */
function floorToThousandth(ratio: number): number {
  return Math.floor(ratio * 1000 + 1e-9) / 1000;
}

function weighEvents(events: readonly MacroEvent[]): { balance: number; meanConfidence: number } {
  let balance = 0;
  let total = 0;
  let confidence = 0;
  for (const event of events) {
    const weight = event.importance * CONFIDENCE[event.confidence];
    balance += DIRECTION[event.direction] * weight;
    total += weight;
    confidence += event.importance * CONFIDENCE[event.confidence] * CONFIDENCE[event.confidence];
  }
  return total === 0
    ? { balance: 0, meanConfidence: 0 }
    : { balance: balance / total, meanConfidence: confidence / total };
}
