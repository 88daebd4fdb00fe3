import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import type { ReviewRule } from '../judgement.ts';
import { differingTargets } from '../live-state.ts';
import { failed } from '../review-finding.ts';
import { shownParameter } from '../shown-parameter.ts';

/** A first policy changes nothing live: no override comes with it, and a base that was there stays what it was (judge.md §3). */
export const firstPolicy: ReviewRule = {
  name: 'first-policy',
  check: ({ before, after }) => {
    if (after === null) return [];
    const overrides = differingTargets(before.overrides, after.overrides).map((target) => ({
      target,
      file: AUTO_TOML_PATH,
      observed: shownParameter(target, before.overrides.get(target), null),
      required: shownParameter(target, after.overrides.get(target), null),
    }));
    const values = before.tree === null ? [] : differingTargets(before.live, after.live);
    const isCovered = new Set(overrides.map(({ target }) => target));
    const changed = values
      .filter((target) => !isCovered.has(target))
      .map((target) => ({
        target,
        observed: shownParameter(target, before.live.get(target), null),
        required: shownParameter(target, after.live.get(target), null),
      }));
    return [...overrides, ...changed].map((facts) => failed('LIVE_CHANGED', facts));
  },
};
