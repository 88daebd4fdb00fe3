import { AUTO_TOML_PATH } from '../../kernel/governed-paths.ts';
import { isSameParameter } from '../../kernel/scalar.ts';
import { listParameters, valueAt, withValues } from '../../liveconfig/index.ts';
import { type Judgement, judgingPolicy, type ReviewRule } from '../judgement.ts';
import { MAX_LISTED } from '../limits.ts';
import { baseDigest, differingTargets, type LiveState } from '../live-state.ts';
import { failed, noted, type ReviewFinding } from '../review-finding.ts';
import { shownParameter } from '../shown-parameter.ts';

/** What a change of the base configuration does to what sessions load, value by value (judge.md §3, class config). */
export const configuration: ReviewRule = {
  name: 'configuration',
  check: (judgement) => {
    const { before, after } = judgement;
    if (after === null) return [];
    const findings: ReviewFinding[] = [];
    if (before.mode !== after.mode)
      findings.push(
        noted('ENVIRONMENT_CHANGED', { observed: before.mode ?? 'none', required: after.mode ?? 'none' }),
      );
    findings.push(...describeChanges(judgement, before, after));
    if (findings.length === 0)
      findings.push(...findRewritten(before, after).map((file) => noted('BASE_STRUCTURE_CHANGED', { file })));
    return [...findings.slice(0, MAX_LISTED), ...findStrayOverrides(judgement, before, after)];
  },
};

/** Files that say something else, where no value that counts differs. */
function findRewritten(before: LiveState, after: LiveState): readonly string[] {
  const digestIn = ({ written }: LiveState, file: string) => baseDigest(written.get(file) ?? null);
  return [...new Set([...before.written.keys(), ...after.written.keys()])].filter(
    (file) => digestIn(before, file) !== digestIn(after, file),
  );
}

/** Base values count, too: an override that hides one today may be gone tomorrow. */
function describeChanges(
  judgement: Judgement,
  before: LiveState,
  after: LiveState,
): readonly ReviewFinding[] {
  const policy = judgingPolicy(judgement);
  const targets = new Set([
    ...differingTargets(before.live, after.live),
    ...differingTargets(before.parameters, after.parameters),
  ]);
  return [...targets].sort().map((target) => {
    const isLive = !isSameParameter(before.live.get(target), after.live.get(target));
    const [from, to] = isLive ? [before.live, after.live] : [before.parameters, after.parameters];
    return noted('LIVE_CHANGED', {
      target,
      observed: shownParameter(target, from.get(target), policy),
      required: shownParameter(target, to.get(target), policy),
    });
  });
}

/** Beside the base configuration, `auto.toml` may only lose overrides that the base now holds. */
function findStrayOverrides(
  judgement: Judgement,
  before: LiveState,
  after: LiveState,
): readonly ReviewFinding[] {
  const policy = judgingPolicy(judgement);
  return differingTargets(before.overrides, after.overrides)
    .filter((target) => !isGraduated(target, before, after))
    .map((target) =>
      failed('MIXED_CLASSES', {
        file: AUTO_TOML_PATH,
        target,
        observed: `auto_toml (${shownParameter(target, after.overrides.get(target), policy)})`,
        required: 'config',
      }),
    );
}

/** The base has taken the live value over, and the override is gone. */
function isGraduated(target: string, before: LiveState, after: LiveState): boolean {
  return (
    !after.overrides.has(target) &&
    before.live.has(target) &&
    isSameParameter(before.live.get(target), after.parameters.get(target))
  );
}

/**
 * Whether a change of the base configuration changes nothing that a session loads, now or after a way back: comments and layout,
 * or a graduation (base := live value, override removed). What a layer hides counts, too: the layer may be gone tomorrow.
 */
export function changesNothingLive({ before, after }: Pick<Judgement, 'before' | 'after'>): boolean {
  if (after === null || before.tree === null || after.tree === null) return false;
  if (before.mode !== after.mode || differingTargets(before.live, after.live).length > 0) return false;
  const files = new Set([...before.written.keys(), ...after.written.keys()]);
  return [...files].every((file) => onlyGraduates(file, before, after));
}

function onlyGraduates(file: string, before: LiveState, after: LiveState): boolean {
  const [old, next] = [before.written.get(file), after.written.get(file)];
  if (old === undefined || next === undefined) return false;
  const said = listParameters(next);
  const moved = differingTargets(listParameters(old), said);
  const values = moved.flatMap((target) => {
    const value = valueAt(next, target);
    return value === undefined ? [] : [[target, value] as const];
  });
  return (
    baseDigest(withValues(old, values)) === baseDigest(next) &&
    moved.every(
      (target) =>
        before.overrides.has(target) &&
        isGraduated(target, before, after) &&
        isSameParameter(before.live.get(target), said.get(target)),
    )
  );
}
