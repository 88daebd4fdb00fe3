import { addExactly, decimal, distance } from '../../kernel/decimal.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { formatCompactInstant, formatInstant, type Instant } from '../../kernel/instant.ts';
import type { LearningSignal } from '../schema.ts';

/** Of the signal schema. */
const MAX_ID_LENGTH = 200;

/** A numeric parameter that a bridge may move: by one step at a time, inside a closed range. */
export interface BoundedParameter {
  readonly target: string;
  readonly current: number;
  readonly step: number;
  readonly min: number;
  readonly max: number;
}

/** What a bridge knows of its report. */
export interface SignalFacts {
  readonly source: string;
  readonly createdAt: Instant;
  readonly experimentId: string;
  readonly sampleSize: number;
  readonly metrics: NonNullable<LearningSignal['metrics']>;
  readonly summary: string;
}

/** One change, or null where nothing should move. */
export interface RecommendedMove {
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

/** The move of one exact step in a direction, or null when there is none inside the range. */
export function stepWithin(parameter: BoundedParameter, direction: -1 | 0 | 1): RecommendedMove | null {
  const { target, current, step, min, max } = parameter;
  const to = Math.min(Math.max(addExactly(current, direction * step), min), max);
  const isStep = Math.sign(to - current) === direction && !distance(to, current).gt(decimal(step));
  return direction === 0 || !isStep ? null : { target, from: current, to };
}

/** An id that is too long for a signal is told by its digest. */
function shorten(experimentId: string, source: string): string {
  return experimentId.length <= MAX_ID_LENGTH ? experimentId : `${source}/${sha256Hex(experimentId)}`;
}

/** A signal whose id follows from its content, so that the same report always gives the same file. `confidence` is 0–1. */
export function buildSignal(
  facts: SignalFacts,
  move: RecommendedMove | null,
  confidence: number,
): LearningSignal {
  const digest = sha256Hex(JSON.stringify([facts.experimentId, move])).slice(0, 8);
  return {
    schema_version: 1,
    signal_id: `${facts.source}-${formatCompactInstant(facts.createdAt)}-${digest}`,
    source: facts.source,
    created_at: formatInstant(facts.createdAt),
    experiment_id: shorten(facts.experimentId, facts.source),
    confidence,
    sample_size: facts.sampleSize,
    metrics: facts.metrics,
    summary: facts.summary,
    recommended_changes:
      move === null ? [] : [{ target: move.target, old_value: move.from, new_value: move.to }],
  };
}
