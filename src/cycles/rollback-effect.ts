import { type AutoApplyPolicy, boundsOf } from '../governance/index.ts';
import { liveParameter } from '../history/index.ts';
import { AUTO_TOML_PATH, BASE_CONFIG_PATH } from '../kernel/governed-paths.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { checkOverrides, type RawOverrides, type TomlTable } from '../liveconfig/index.ts';
import type { LiveState } from './standing-overrides.ts';

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

/** What live sessions load for one target now. Null: the base configuration has no such parameter. */
export interface LiveRow {
  readonly target: string;
  readonly value: Parameter | null;
  /** `auto.toml`, or the base configuration, which layers may belong to. */
  readonly file: string;
}

/** What live sessions load now: for one target, or (null) for each one that they take an override of. Null where no session can start. */
export function liveRowsOf({ tree, loaded }: LiveState, target: string | null): readonly LiveRow[] | null {
  if (tree === null) return null;
  const { ignored } = checkOverrides(tree, loaded, AUTO_TOML_PATH);
  const isTaken = (name: string) => loaded.has(name) && ignored.every((entry) => entry.target !== name);
  const names = target === null ? [...loaded.keys()].filter(isTaken).sort() : [target];
  return names.map((name) => ({
    target: name,
    value: liveParameter(tree, name, loaded.get(name)),
    file: isTaken(name) ? AUTO_TOML_PATH : BASE_CONFIG_PATH,
  }));
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
