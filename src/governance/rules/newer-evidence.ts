import { DAY_MS, formatInstant, type Instant, instantFromMs } from '../../kernel/instant.ts';
import type { Finding } from '../finding.ts';
import type { PlannedChange, Rule, RuleContext } from './rule.ts';

/** How long an operator's "no" stands at least (product.md §6). */
const DECLINED_DAYS = 14;

/**
 * What was taken back or declined comes again only with evidence from after that; so does each further clamped step with
 * evidence from after the last promotion (product.md §4, §6).
 */
export const newerEvidence: Rule = {
  name: 'newer-evidence',
  check: (change, context) => [
    ...checkReverted(change, context),
    ...checkDeclined(change, context),
    ...checkStep(change, context),
  ],
};

function checkReverted(
  { candidate: { patch }, planned }: PlannedChange,
  { history }: RuleContext,
): Finding[] {
  const moves = history?.byTarget.get(patch.target) ?? [];
  const last = moves.findLast(({ kind, from }) => kind === 'rollback' && from === planned);
  if (last === undefined || isNewer(patch.newest, last.at)) return [];
  return [{ code: 'VALUE_REVERTED', effect: 'pending', required: formatInstant(last.at) }];
}

function checkDeclined(
  { candidate: { patch }, planned }: PlannedChange,
  { declined, now }: RuleContext,
): Finding[] {
  return declined
    .filter(({ target, value }) => target === patch.target && value === planned)
    .flatMap(({ at }): Finding[] => {
      const until = instantFromMs(at + DECLINED_DAYS * DAY_MS);
      const finding = { code: 'VALUE_DECLINED', effect: 'pending', required: formatInstant(at) } as const;
      if (!isNewer(patch.newest, at)) return [finding];
      return now < until ? [{ ...finding, until }] : [];
    });
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
  const isProven = history !== null && isNewer(patch.newest, last?.at ?? null);
  return isFirst || isProven ? [] : [{ code: 'STEP_UNPROVEN', effect: 'manual_only' }];
}

function isNewer(newest: Instant | null, than: Instant | null): boolean {
  return newest !== null && (than === null || newest > than);
}
