import type { ReviewCode } from '../finding-words.ts';
import type { ReviewFinding } from '../review-finding.ts';
import type { Verdict } from '../verdict.ts';
import { counted } from '../verdict-words.ts';
import { findingsIn } from './findings-in.ts';

/** GitHub takes 255 characters (github-facts.md C.1); a list of pull requests shows far fewer. */
const MAX_TITLE = 200;

/** The answer in words, e.g. `Waits for 1 approval and the checklist`. Holds no text from outside. */
export function formatCheckTitle(verdict: Verdict, reference: string): string {
  const title = describe(verdict, reference);
  return title.length <= MAX_TITLE ? title : `${title.slice(0, MAX_TITLE)}…`;
}

function describe(verdict: Verdict, reference: string): string {
  switch (verdict.conclusion) {
    case 'success':
      return `Ready: ${describeChange(verdict)}`;
    case 'failure':
      return describeFailure(verdict, reference);
    case 'action_required':
      return `Waits for ${joined(waitingFor(verdict))}`;
  }
}

function describeChange({ kind, lane, changes }: Verdict): string {
  const values = changes.length === 0 ? 'no live value changes' : counted(changes.length, 'change');
  if (kind === 'promotion') return `${values}, ${lane ?? 'manual'} lane`;
  return kind === null ? values : `${kind.replaceAll('_', ' ')}, ${values}`;
}

function describeFailure(verdict: Verdict, reference: string): string {
  const failures = findingsIn(verdict).filter(({ finding }) => finding.outcome === 'failed');
  if (failures.some(({ finding }) => finding.code === 'INTERNAL_ERROR'))
    return `Not judged: an internal error, reference ${reference.replaceAll(/[^\w.-]/g, '')}`;
  const rules = [...new Set(failures.map(({ rule }) => rule))].slice(0, 4).join(', ');
  return `${counted(failures.length, 'reason')} against it: ${rules}`;
}

const REBUILD = 'a rebuild on the new base';

/** What one waiting finding asks for; a code that is not named waits for a look at it. */
const WAITS: Partial<Record<ReviewCode, (finding: ReviewFinding) => string>> = {
  APPROVALS_MISSING: missingApprovals,
  CHANGES_REQUESTED: () => 'an answer to requested changes',
  TICKS_MISSING: () => 'the checklist',
  HELD: () => "an operator's release",
  DECLINED: () => 'a rebuild without what was declined',
  BASE_MOVED: () => REBUILD,
  BASE_COMMIT_OTHER: () => REBUILD,
  CHANGE_SET_MOVED: () => REBUILD,
  DERIVATION_VERSION_OTHER: () => REBUILD,
  MERGE_DIFFERS: () => REBUILD,
  MODE_MOVED: () => REBUILD,
  MERGE_CONFLICT: () => 'a merge without conflicts',
  APPROVALS_UNKNOWN: () => 'approvals, which are not known here',
  HISTORY_UNDETERMINED: () => 'the history of the base, which is not known',
};

function waitingFor(verdict: Verdict): readonly string[] {
  const open = findingsIn(verdict).filter(({ finding: { outcome } }) =>
    ['waits', 'undetermined'].includes(outcome),
  );
  return [...new Set(open.map(({ rule, finding }) => WAITS[finding.code]?.(finding) ?? `the rule ${rule}`))];
}

function missingApprovals({ observed, required }: ReviewFinding): string {
  const missing = Number(required) - Number(observed);
  return Number.isSafeInteger(missing) && missing > 0 ? counted(missing, 'approval') : 'approvals';
}

function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? 'a look at it';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
