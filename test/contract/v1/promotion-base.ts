import { AutoApplyPolicy, boundsOf, parsePolicy } from '../../../src/governance/index.ts';
import { findTargetFault } from '../../../src/kernel/target.ts';
import { parameterTypeOf, parseOverrides, type TomlValue } from '../../../src/liveconfig/index.ts';
import { formatTomlScalar } from '../../../src/liveconfig/toml.ts';
import { isWrittenFloat, isWrittenNumber, showToml, type TypedJson, toTomlText } from './typed-json.ts';

/** A patch of v1, as far as it could be read. */
export type V1Patch = { readonly [key: string]: TypedJson };

/** The targets of patches that can be a target here, in order of appearance. */
export function targetsOf(patches: readonly V1Patch[]): readonly string[] {
  const named = patches.flatMap(({ target }) =>
    typeof target === 'string' && findTargetFault(target) === null ? [target] : [],
  );
  return [...new Set(named)];
}

/**
 * The base configuration of a case, which v1 did not need: every target with the old value of its first patch that tells
 * one, and what stands in `auto.toml`. Where no patch tells an old value, v1 had no step to measure: the value is then one
 * from which neither the step nor "no change" can decide.
 */
export function baseConfigText(
  patches: readonly V1Patch[],
  autoToml: string | null,
  policyText: string,
): string {
  const overrides = autoToml === null ? null : parseOverrides(autoToml, 'auto_applied', 'auto.toml');
  const values = new Map<string, string>();
  const add = (target: string, value: string): void => {
    const near = [...values.keys()].some(
      (key) => key.startsWith(`${target}.`) || target.startsWith(`${key}.`),
    );
    if (!near && !values.has(target)) values.set(target, value);
  };
  for (const [target, value] of overrides?.ok === true ? overrides.value : []) {
    const own = baseValueOf(target, patches, policyText);
    if (parameterTypeOf(value) !== null)
      add(target, own !== null && sameKind(own, value) ? own : otherValue(value));
  }
  for (const target of targetsOf(patches)) add(target, baseValueOf(target, patches, policyText) ?? '1.0');
  return [
    'environment.mode = "paper"',
    ...[...values].map(([target, value]) => `${target} = ${value}`),
    '',
  ].join('\n');
}

/** The base value in TOML, or null when no patch is about the target. */
function baseValueOf(target: string, patches: readonly V1Patch[], policyText: string): string | null {
  const about = patches.filter((patch) => patch['target'] === target);
  if (about.length === 0) return null;
  const numbers = about.flatMap((patch) => [patch['old_value'], patch['new_value']]).filter(isWrittenNumber);
  const isFloat = numbers.some(isWrittenFloat);
  const old = about.map((patch) => patch['old_value']).find((value) => canStand(value));
  if (old !== undefined) return isWrittenNumber(old) ? number(Number(old.$number), isFloat) : toTomlText(old);
  const next = about.map((patch) => patch['new_value']).find((value) => canStand(value));
  if (typeof next === 'string') return '"base"';
  if (typeof next === 'boolean') return String(!next);
  const wanted = isWrittenNumber(next) ? Number(next.$number) : 0;
  return number(neutralValue(target, wanted, policyText), true);
}

/** Whether a value can stand in a base configuration. */
function canStand(value: TypedJson | undefined): boolean {
  if (isWrittenNumber(value)) return Number.isFinite(Number(value.$number));
  return typeof value === 'string' || typeof value === 'boolean';
}

function number(value: number, isFloat: boolean): string {
  return formatTomlScalar(value, isFloat ? 'float' : 'integer');
}

/** Half a step beside the wanted value, towards the middle of its bounds; the edge for what is outside. */
function neutralValue(target: string, wanted: number, policyText: string): number {
  const policy = parsePolicy(policyText);
  const [bounds] = boundsOf(
    target,
    policy.ok ? policy.value : AutoApplyPolicy.parse({ promotion: { mode: 'disabled' } }),
  );
  if (bounds === undefined) return wanted === 1 ? 2 : 1;
  const inside = Math.min(Math.max(wanted, bounds.min), bounds.max);
  if (inside !== wanted) return inside;
  const middle = (bounds.min + bounds.max) / 2;
  return inside < middle ? inside + bounds.max_step / 2 : inside - bounds.max_step / 2;
}

function sameKind(text: string, value: TomlValue): boolean {
  const kind = text.startsWith('"') ? 'string' : /^(?:true|false)$/.test(text) ? 'boolean' : 'number';
  return kind === (typeof value === 'bigint' ? 'number' : typeof value);
}

/** Another value of the same type, so that it shows whether an override was applied. */
function otherValue(value: TomlValue): string {
  if (typeof value === 'string') return '"base"';
  if (typeof value === 'boolean') return String(!value);
  return typeof value === 'bigint' ? '1' : showToml(1);
}
