import { sha256Hex } from '../kernel/digest.ts';
import type { Scalar } from '../kernel/scalar.ts';
import { findTargetFault } from '../kernel/target.ts';
import type { AppliedOverride, IgnoredOverride } from './apply-overrides.ts';
import { valueAt, withValues } from './base-config.ts';
import { isLiveLikeMode } from './environment.ts';
import { formatConfigJson } from './format-config.ts';
import { isTable, type TomlTable, type TomlValue } from './toml.ts';

/** A configuration value as plain JavaScript: dates are ISO 8601 texts. */
export type ConfigValue = Scalar | readonly ConfigValue[] | { readonly [key: string]: ConfigValue };

/** How a configuration came to be. */
export interface ConfigOrigin {
  /** `environment.mode`, or what the caller set in its place; null when neither says one. */
  readonly mode: string | null;
  readonly applied: readonly AppliedOverride[];
  readonly ignored: readonly IgnoredOverride[];
  /** The text of the override file; null or absent where none was read. */
  readonly overridesText?: string | null;
}

/** An effective configuration: immutable, looked up by dotted target. */
export class PeakConfig {
  readonly tree: TomlTable;
  readonly mode: string | null;
  /** Overrides that took effect, in the order of the file. */
  readonly applied: readonly AppliedOverride[];
  /** Overrides that did not, each with its problem. */
  readonly ignored: readonly IgnoredOverride[];
  #digest: string | undefined;
  readonly #overridesText: string | null;

  constructor(tree: TomlTable, origin: ConfigOrigin) {
    this.tree = tree;
    this.mode = origin.mode;
    this.applied = origin.applied;
    this.ignored = origin.ignored;
    this.#overridesText = origin.overridesText ?? null;
  }

  /** The value at a dotted target; `fallback` (default undefined) where there is none. */
  get(target: string, fallback?: ConfigValue): ConfigValue | undefined {
    const value = valueAt(this.tree, target);
    return value === undefined ? fallback : toPlain(value);
  }

  /** The whole configuration as plain objects. A fresh copy each time. */
  toObject(): { readonly [key: string]: ConfigValue } {
    return toPlain(this.tree) as { [key: string]: ConfigValue };
  }

  /** A configuration with these targets replaced; targets that do not exist are created. For tests and research runs. */
  withOverrides(overrides: Readonly<Record<string, Scalar>>): PeakConfig {
    const typed = Object.entries(overrides).map(([target, value]): [string, TomlValue] => {
      if (findTargetFault(target) !== null) throw new TypeError(`not a target: ${JSON.stringify(target)}`);
      const whole = typeof valueAt(this.tree, target) === 'bigint' && Number.isSafeInteger(value);
      return [target, whole ? BigInt(value) : value];
    });
    const { mode, applied, ignored } = this;
    const origin = { mode, applied, ignored, overridesText: this.#overridesText };
    return new PeakConfig(withValues(this.tree, typed), origin);
  }

  /** SHA-256 of the effective configuration in canonical JSON: equal exactly when every value and type is. */
  get digest(): string {
    this.#digest ??= sha256Hex(formatConfigJson(this.tree, { canonical: true }));
    return this.#digest;
  }

  /** SHA-256 of the override file that was read; null where none was. */
  get overridesDigest(): string | null {
    return this.#overridesText === null ? null : sha256Hex(this.#overridesText);
  }
}

/** Whether a configuration is for a live-like environment (seed.md §8). */
export function isLiveLikeEnvironment(config: { readonly mode: string | null }): boolean {
  return isLiveLikeMode(config.mode);
}

function toPlain(value: TomlValue): ConfigValue {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isTable(value)) return (value as { toISOString(): string }).toISOString();
  const plain: Record<string, ConfigValue> = {};
  for (const [key, child] of Object.entries(value)) {
    Object.defineProperty(plain, key, {
      value: toPlain(child),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return plain;
}
