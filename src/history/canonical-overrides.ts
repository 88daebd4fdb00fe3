import { findTargetFault } from '../kernel/target.ts';
import type { OverrideTable, RawOverrides, TomlValue } from '../liveconfig/index.ts';

/** One line of an override file in canonical form: a number or a boolean for a quoted target. Texts are left to the TOML parser. */
const ENTRY = /^"([A-Za-z0-9_.-]+)" = (?:(true|false)|(-?(?:0|[1-9]\d{0,14}))(\.\d{1,15})?)$/;
/** A blank line, or a comment without anything that TOML could refuse. */
const SILENT = /^(?:#[ -~]*)?$/;

type Line = { readonly target: string; readonly value: TomlValue } | 'silent' | null;

/** Thousands of versions of a file repeat nearly all of its lines; each is read once. */
const known = new Map<string, Line>();
const MAX_KNOWN = 65_536;

/**
 * The overrides of a file that is written as `formatOverrideFile` writes it, read ten times faster than TOML is; null for
 * every other file, which may still be valid. Where it answers, `parseOverrides` answers the same.
 */
export function readCanonicalOverrides(text: string, table: OverrideTable): RawOverrides | null {
  const values = new Map<string, TomlValue>();
  let isInside = false;
  for (const line of text.split('\n')) {
    if (!isInside && line === `[${table}]`) {
      isInside = true;
      continue;
    }
    const read = readLine(line);
    if (read === 'silent') continue;
    if (read === null || !isInside || values.has(read.target)) return null;
    values.set(read.target, read.value);
  }
  return isInside ? values : null;
}

function readLine(text: string): Line {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const line = SILENT.test(text) ? 'silent' : readEntry(text);
  known.set(text, line);
  return line;
}

function readEntry(text: string): Line {
  const match = ENTRY.exec(text);
  const target = match?.[1] ?? '';
  if (match === null || findTargetFault(target) !== null) return null;
  const [, , truth, whole = '', fraction] = match;
  if (truth !== undefined) return { target, value: truth === 'true' };
  return { target, value: fraction === undefined ? BigInt(whole) : Number(whole + fraction) };
}
