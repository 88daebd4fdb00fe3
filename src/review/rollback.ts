import { DAY_MS, formatInstant } from '../kernel/instant.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { type Judgement, judgingPolicy } from './judgement.ts';
import { FREE_ROLLBACK_DAYS } from './limits.ts';
import { differingTargets, type LiveState } from './live-state.ts';
import { findProposalFolders } from './proposal-in.ts';
import { failed, noted, type ReviewFinding, undetermined } from './review-finding.ts';
import type { ReviewHistory, StandingPromotion } from './review-history.ts';
import { isRiskier } from './riskier.ts';
import { shownParameter } from './shown-parameter.ts';

/** What a change of `auto.toml` without a proposal is. `free`: judge.md §5; `gated`: it takes the manual gate. */
export interface RollbackView {
  readonly isFree: boolean;
  readonly findings: readonly ReviewFinding[];
}

/** Judges a way back key by key, against the tip. */
export function viewRollback(judgement: Judgement): RollbackView {
  const { before, after } = judgement;
  const findings: ReviewFinding[] = [...findRiders(judgement)];
  if (after !== null) {
    for (const target of differingTargets(before.overrides, after.overrides))
      findings.push(...judgeTarget(judgement, after, target));
  }
  return { isFree: findings.length === 0, findings };
}

/** No finding: the target returns to its value before its latest standing promotion, or to the base, and that is not riskier. */
function judgeTarget(judgement: Judgement, after: LiveState, target: string): readonly ReviewFinding[] {
  const { before, snapshot } = judgement;
  const policy = judgingPolicy(judgement);
  const { history } = snapshot;
  const next = after.overrides.get(target);
  const standing = history?.standing.get(target) ?? null;
  const findings: ReviewFinding[] = [];
  if (next !== undefined) findings.push(...judgeValue(judgement, target, { next, standing, history }));
  const change = { before: before.live.get(target), after: after.live.get(target) };
  const riskier = policy === null ? null : isRiskier(target, change, policy);
  if (riskier === true) {
    const observed = shownParameter(target, change.before, policy);
    findings.push(
      noted('ROLLBACK_RISKIER', { target, observed, required: shownParameter(target, change.after, policy) }),
    );
  }
  if (riskier === null) findings.push(...judgeAge(snapshot.now, target, { standing, history }));
  return findings;
}

interface Past {
  readonly standing: StandingPromotion | null;
  readonly history: ReviewHistory | null;
}

/** An override that stays one has to be the one before the latest standing promotion; another former value is gated. */
function judgeValue(
  judgement: Judgement,
  target: string,
  { next, standing, history }: Past & { readonly next: Parameter },
): readonly ReviewFinding[] {
  if (history === null) return [undetermined('HISTORY_UNDETERMINED', { target })];
  if (standing !== null && standing.before === next.value) return [];
  const policy = judgingPolicy(judgement);
  const observed = shownParameter(target, next, policy);
  const base = judgement.before.parameters.get(target)?.value;
  const wasLive = history.former.get(target)?.has(next.value) === true || base === next.value;
  if (!wasLive) return [failed('NOT_A_ROLLBACK', { target, observed })];
  const required =
    standing === null || standing.before === null
      ? 'none'
      : shownParameter(target, { type: next.type, value: standing.before }, policy);
  return [noted('ROLLBACK_VALUE', { target, observed, required })];
}

function judgeAge(now: number, target: string, { standing, history }: Past): readonly ReviewFinding[] {
  if (history === null) return [undetermined('HISTORY_UNDETERMINED', { target })];
  if (standing !== null && now - standing.mergedAt <= FREE_ROLLBACK_DAYS * DAY_MS) return [];
  const observed = standing === null ? 'no standing promotion' : formatInstant(standing.mergedAt);
  return [noted('ROLLBACK_OLD', { target, observed, required: `${FREE_ROLLBACK_DAYS} days` })];
}

/** Other paths may only change as the exact inverse of what an undone merge did; a new `rollback.json` may come along. */
function findRiders({ snapshot, places, before, after }: Judgement): readonly ReviewFinding[] {
  const { rollbacks } = findProposalFolders(snapshot, places);
  const others = snapshot.own.filter(({ path }) =>
    ['proposal', 'learning_override', 'evidence', 'decisions'].includes(places.get(path)?.class ?? ''),
  );
  const left = others.filter(({ path }) => !rollbacks.includes(path));
  if (left.length === 0) return [];
  const { history } = snapshot;
  if (history === null) return left.map(({ path }) => undetermined('HISTORY_UNDETERMINED', { file: path }));
  const touched = after === null ? [] : differingTargets(before.overrides, after.overrides);
  const undone = touched.flatMap((target) => history.standing.get(target) ?? []);
  return left
    .filter((change) => !undone.some(({ merge }) => isInverse(change, merge.get(change.path))))
    .map(({ path }) => failed('ROLLBACK_RIDER', { file: path }));
}

function isInverse(
  { before, after }: Judgement['snapshot']['own'][number],
  merged: { readonly before: string | null; readonly after: string | null } | undefined,
): boolean {
  return (
    merged !== undefined && (before?.oid ?? null) === merged.after && (after?.oid ?? null) === merged.before
  );
}
