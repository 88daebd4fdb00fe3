/**
 * Which value does a session load for a target?
 *
 * Invariants: overrides apply in live-like modes only; an override replaces a scalar by one of its type within the
 * compiled-in hard limits, or it is ignored with a reason; a bad override never throws, a bad base configuration always fails.
 * Does not belong here: whether a value may be promoted (governance), and reading files (adapters, cycles).
 */
export {
  type AppliedOverride,
  checkOverrides,
  findHardLimitFaults,
} from './apply-overrides.ts';
export {
  emptyOverrideFile,
  formatOverrideFile,
  type OverrideFile,
  parseOverrideFile,
  rawOverridesOf,
} from './auto-toml.ts';
export { type ConfigText, listParameters, parseBaseConfig, valueAt, withValues } from './base-config.ts';
export { environmentMode, isLiveLikeMode } from './environment.ts';
export { type ConfigFormat, formatConfig, formatTomlKey, formatTomlValue } from './format-config.ts';
export {
  formatRange,
  hardLimitOf,
  isLimited,
  isNeverOverridable,
  keepsRange,
  type Range,
} from './hard-limits.ts';
export { isPathInside, parseLayers } from './layers.ts';
export { type OverrideTable, parseOverrides, type RawOverrides } from './overrides.ts';
export { ParseMemory } from './parse-memory.ts';
export { type ConfigValue, isLiveLikeEnvironment, PeakConfig } from './peak-config.ts';
export { buildLiveBase, liveParameters, requireTexts } from './session-values.ts';
export {
  describeParameterType,
  isTable,
  parameterTypeOf,
  parseToml,
  type TomlTable,
  type TomlValue,
  toScalar,
  toTomlValue,
} from './toml.ts';
