import type { Problem } from '../kernel/problem.ts';
import { problem, warning } from '../kernel/problem.ts';
import { fitsType, formatScalar, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import { finderIn } from './base-config.ts';
import { formatRange, hardLimitOf, isNeverOverridable, keepsRange } from './hard-limits.ts';
import type { RawOverrides } from './overrides.ts';
import {
  describeParameterType,
  describeTomlType,
  parameterTypeOf,
  type TomlTable,
  type TomlValue,
  toScalar,
} from './toml.ts';

/** One override that took effect. */
export interface AppliedOverride {
  readonly target: string;
  readonly type: ParameterType;
  readonly base: Scalar;
  readonly value: Scalar;
}

/** One override that did not, and why. */
export interface IgnoredOverride {
  readonly target: string;
  readonly problem: Problem;
}

/** What became of each override. */
export interface OverrideOutcome {
  readonly applied: readonly AppliedOverride[];
  readonly ignored: readonly IgnoredOverride[];
}

/**
 * Decides for each override whether it may stand on this base configuration. It may only replace a scalar by one of the
 * same type, within the compiled-in hard limits; a whole number may stand for a float. Never throws.
 */
export function checkOverrides(base: TomlTable, overrides: RawOverrides, file: string): OverrideOutcome {
  const applied: AppliedOverride[] = [];
  const ignored: IgnoredOverride[] = [];
  const find = finderIn(base);
  for (const [target, raw] of overrides) {
    const current = find(target);
    const fault = findOverrideFault(target, raw, current, file);
    if (fault !== null) ignored.push({ target, problem: fault });
    else
      applied.push({
        target,
        type: parameterTypeOf(current) as ParameterType,
        base: toScalar(current as TomlValue),
        value: toScalar(raw),
      });
  }
  return { applied, ignored };
}

function findOverrideFault(
  target: string,
  raw: TomlValue,
  current: TomlValue | undefined,
  file: string,
): Problem | null {
  if (isNeverOverridable(target)) return problem('OVERRIDE_NEVER', { target }, { file });
  if (current === undefined) return warning('OVERRIDE_UNKNOWN_TARGET', { target }, { file });
  const type = parameterTypeOf(current);
  const given = parameterTypeOf(raw);
  const sameKind = given === type || (type === 'float' && given === 'integer');
  if (type === null || given === null || !sameKind || !fitsType(toScalar(raw), type)) {
    const expected = type === null ? describeTomlType(current) : describeParameterType(type);
    const found = given !== null && sameKind ? 'a number it cannot hold exactly' : describeTomlType(raw);
    return problem('OVERRIDE_WRONG_TYPE', { target, found, expected }, { file });
  }
  const limit = hardLimitOf(target);
  if (limit !== null && !keepsRange(toScalar(raw), limit)) {
    const args = { target, observed: formatScalar(toScalar(raw)), required: formatRange(limit) };
    return problem('OVERRIDE_HARD_LIMIT', args, { file });
  }
  return null;
}

/** Every parameter of a base configuration beyond a compiled-in hard limit. A live-like session must not start on one. */
export function findHardLimitFaults(
  parameters: Iterable<readonly [string, { readonly value: Scalar }]>,
  file: string,
): Problem[] {
  const problems: Problem[] = [];
  for (const [target, { value }] of parameters) {
    const limit = hardLimitOf(target);
    if (limit === null || keepsRange(value, limit)) continue;
    problems.push(
      problem(
        'BASE_HARD_LIMIT',
        { target, observed: formatScalar(value), required: formatRange(limit) },
        { file },
      ),
    );
  }
  return problems;
}
