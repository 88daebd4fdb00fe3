import type { SourceLocation } from '../kernel/problem.ts';
import type { ReviewCode, WordFacts } from './finding-words.ts';

/**
 * What a finding means, mildest first. `noted`: nothing stands against it; `waits`: for people, time or a rebuild;
 * `undetermined`: could not be found out here, never counts as yes; `failed`: this change cannot be merged as it is.
 */
export const OUTCOMES = ['passed', 'noted', 'waits', 'undetermined', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a finding is about. Observed and required are texts from outside, ready to show but for the escaping. */
export interface FindingFacts extends WordFacts, Partial<SourceLocation> {
  readonly target?: string;
  readonly children?: readonly ReviewFinding[];
}

/** One fact found by a rule of the judge; a tree where a fact has parts. */
export interface ReviewFinding extends FindingFacts {
  readonly code: ReviewCode;
  readonly outcome: Outcome;
}

/** What one rule found; no finding means that it holds. */
export interface RuleResult {
  readonly rule: string;
  readonly outcome: Outcome;
  readonly findings: readonly ReviewFinding[];
}

const build =
  (outcome: Outcome) =>
  (code: ReviewCode, facts: FindingFacts = {}): ReviewFinding => ({ code, outcome, ...facts });

/** Stands against the change for good. */
export const failed = build('failed');
/** Stands against it until somebody acts, or time passes. */
export const waits = build('waits');
/** Could not be found out. */
export const undetermined = build('undetermined');
/** Worth telling; stands against nothing. */
export const noted = build('noted');

/** The worst of some outcomes; `passed` for none. */
export function worstOutcome(outcomes: Iterable<{ readonly outcome: Outcome }>): Outcome {
  let worst = 0;
  for (const { outcome } of outcomes) worst = Math.max(worst, OUTCOMES.indexOf(outcome));
  return OUTCOMES[worst] ?? 'failed';
}
