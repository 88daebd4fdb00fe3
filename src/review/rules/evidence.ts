import { DECISIONS_PATH, EVIDENCE_PATH } from '../../kernel/governed-paths.ts';
import { findChangedEvidence } from '../added-evidence.ts';
import type { ReviewRule } from '../judgement.ts';
import { noted } from '../review-finding.ts';

/** Evidence and decisions are only ever added; taking some away counts as loosening (judge.md §3). */
export const evidenceOnlyAdded: ReviewRule = {
  name: 'evidence-only-added',
  check: ({ snapshot }) => [
    ...findChangedEvidence(snapshot, [EVIDENCE_PATH, DECISIONS_PATH]),
    ...snapshot.own
      .filter(({ after }) => after === null)
      .map(({ path }) => noted('EVIDENCE_DELETED', { file: path })),
  ],
};
