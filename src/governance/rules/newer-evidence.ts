import { formatInstant, type Instant } from '../../kernel/instant.ts';
import type { Finding } from '../finding.ts';
import type { PlannedChange, Rule, RuleContext } from './rule.ts';

/**
 * What was taken back comes again only with an experiment that was first reported after that; so does each further clamped step,
 * with one from after the last promotion (product.md §4).
 */
export const newerEvidence: Rule = {
  name: 'newer-evidence',
  check: (change, context) => [...checkReverted(change, context), ...checkStep(change, context)],
};

function checkReverted(
  { candidate: { patch }, planned }: PlannedChange,
  { history }: RuleContext,
): Finding[] {
  const moves = history?.byTarget.get(patch.target) ?? [];
  const last = moves.findLast(({ kind, from }) => kind === 'rollback' && from === planned);
  if (last === undefined || isNewer(patch.newestExperiment, last.at)) return [];
  return [{ code: 'VALUE_REVERTED', effect: 'pending', required: formatInstant(last.at) }];
}

function checkStep(
  { candidate: { patch }, live, planned }: PlannedChange,
  { history, parameters }: RuleContext,
): Finding[] {
  if (planned === patch.value) return [];
  const moves = history?.byTarget.get(patch.target) ?? [];
  const last = moves.findLast(({ kind }) => kind === 'promotion' || kind === 'unexplained');
  const isFirst = last === undefined && parameters.get(patch.target)?.value === live?.value;
  // Evidence that has not expired is newer than every promotion before the window.
  const isProven = history !== null && isNewer(patch.newestExperiment, last?.at ?? null);
  return isFirst || isProven ? [] : [{ code: 'STEP_UNPROVEN', effect: 'manual_only' }];
}

function isNewer(newest: Instant | null, than: Instant | null): boolean {
  return newest !== null && (than === null || newest > than);
}
