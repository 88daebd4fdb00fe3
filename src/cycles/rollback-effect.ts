import { type AutoApplyPolicy, boundsOf } from '../governance/index.ts';
import { liveParameter } from '../history/index.ts';
import type { Parameter } from '../kernel/scalar.ts';
import type { RawOverrides, TomlTable } from '../liveconfig/index.ts';

/** What a change of overrides does to one target. Null: the base configuration has no such parameter. */
export interface EffectRow {
  readonly target: string;
  /** What paper sessions load, before and after. */
  readonly base: Parameter | null;
  readonly before: Parameter | null;
  readonly after: Parameter | null;
  /** Whether the policy calls the new value riskier; null where it says nothing about it. */
  readonly riskier: boolean | null;
}

/** What live sessions load for each target before and after, of targets where that differs, or that are named. Sorted. */
export function effectOf(
  { tree, policy }: { readonly tree: TomlTable; readonly policy: AutoApplyPolicy | null },
  before: RawOverrides,
  after: RawOverrides,
  named: ReadonlySet<string>,
): readonly EffectRow[] {
  const targets = [...new Set([...before.keys(), ...after.keys(), ...named])].sort();
  return targets
    .map((target) => {
      const old = liveParameter(tree, target, before.get(target));
      const next = liveParameter(tree, target, after.get(target));
      const base = liveParameter(tree, target, undefined);
      return { target, base, before: old, after: next, riskier: isRiskier(target, policy, old, next) };
    })
    .filter((row) => named.has(row.target) || row.before?.value !== row.after?.value);
}

function isRiskier(
  target: string,
  policy: AutoApplyPolicy | null,
  before: Parameter | null,
  after: Parameter | null,
): boolean | null {
  const directions = policy === null ? [] : boundsOf(target, policy).flatMap(({ riskier }) => riskier ?? []);
  if (directions.length === 0 || typeof before?.value !== 'number' || typeof after?.value !== 'number')
    return null;
  const [old, next] = [before.value, after.value];
  return directions.some((direction) => (direction === 'higher' ? next > old : next < old));
}
