import { AUTO_TOML_PATH, BASE_CONFIG_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { checkOverrides, findHardLimitFaults, type OverrideOutcome } from './apply-overrides.ts';
import { type ConfigText, listParameters, parseBaseConfig } from './base-config.ts';
import { isLimited } from './hard-limits.ts';
import type { RawOverrides } from './overrides.ts';
import type { TomlTable } from './toml.ts';

/** A configuration file as it was found: its text, null for none, or why it cannot be read. */
export interface FoundText {
  readonly file: string;
  readonly text: string | Problem | null;
}

/** The texts of a base configuration and its layers. Fails with every file that is missing or cannot be read. */
export function requireTexts(found: readonly FoundText[]): Result<readonly ConfigText[]> {
  const unread = found.flatMap(({ file, text }) =>
    typeof text === 'string' ? [] : [{ ...(text ?? problem('BASE_MISSING')), file }],
  );
  return unread.length === 0 ? ok(found as readonly ConfigText[]) : fail(...unread);
}

/**
 * The base configuration that a live-like session starts with. Fails where it would not start: a file is missing, unreadable or
 * no configuration, or a parameter lies beyond a compiled-in hard limit (BASE_HARD_LIMIT).
 */
export function buildLiveBase(found: readonly FoundText[]): Result<TomlTable> {
  const texts = requireTexts(found);
  const base = texts.ok ? parseBaseConfig(texts.value) : texts;
  if (!base.ok) return base;
  const limits = findHardLimitFaults(listParameters(base.value, isLimited), BASE_CONFIG_PATH);
  return limits.length === 0 ? base : fail(...limits);
}

/** What a live session would load: every parameter of the base configuration, or the override that it accepts in its place. */
export function liveParameters(
  base: TomlTable,
  overrides: RawOverrides,
): Pick<OverrideOutcome, 'ignored'> & { readonly live: ReadonlyMap<string, Parameter> } {
  const { applied, ignored } = checkOverrides(base, overrides, AUTO_TOML_PATH);
  const live = new Map(listParameters(base));
  for (const { target, type, value } of applied) live.set(target, { type, value });
  return { live, ignored };
}
