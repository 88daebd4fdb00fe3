import type { Instant } from '../kernel/instant.ts';
import { failed, type ReviewFinding } from './review-finding.ts';
import type { Verdict } from './verdict.ts';

/** Why a pull request could not be judged at all. */
export type UnjudgedReason = 'refused' | 'too_large' | 'too_slow' | 'internal';

/** What could not be judged, and where to look it up. */
export interface Unjudged {
  readonly head: string;
  readonly time: Instant;
  readonly reason: UnjudgedReason;
  /** Under which the failure stands in the judge's logs. */
  readonly reference: string;
}

/** The verdict about what could not be judged: a failure that says why, never silence (judge.md §6). */
export function buildUnjudged({ head, time, reason, reference }: Unjudged): Verdict {
  const finding = findingOf(reason, reference);
  return {
    conclusion: 'failure',
    kind: null,
    lane: null,
    proposalId: null,
    head,
    base: '',
    mergeBase: '',
    policyDigest: null,
    time,
    validUntil: time,
    changes: [],
    rules: [{ rule: 'judge', outcome: 'failed', findings: [finding] }],
  };
}

function findingOf(reason: UnjudgedReason, reference: string): ReviewFinding {
  switch (reason) {
    case 'refused':
      return failed('OBJECTS_REFUSED');
    case 'too_large':
      return failed('LIMIT_EXCEEDED', { observed: 'what was pushed', required: 'size' });
    case 'too_slow':
      return failed('LIMIT_EXCEEDED', { observed: 'the time for fetching is used up', required: 'time' });
    case 'internal':
      return failed('INTERNAL_ERROR', { observed: 'judge', required: reference });
  }
}
