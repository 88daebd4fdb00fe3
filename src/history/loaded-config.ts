import { AUTO_TOML_PATH } from '../kernel/governed-paths.ts';
import { type Problem, problem } from '../kernel/problem.ts';
import type { Parameter, Scalar } from '../kernel/scalar.ts';
import {
  buildLiveBase,
  checkOverrides,
  parameterTypeOf,
  parseLayers,
  parseOverrides,
  type RawOverrides,
  type TomlTable,
  type TomlValue,
  toScalar,
  valueAt,
} from '../liveconfig/index.ts';
import { readCanonicalOverrides } from './canonical-overrides.ts';
import type { StoredFile } from './commit-log.ts';

/** Texts of stored files by object id; null where the bytes are not UTF-8. */
export type BlobTexts = ReadonlyMap<string, string | null>;

/** The overrides of an `auto.toml`; without any where a session could not read it, for the reasons in `problems`. */
export interface LoadedOverrides {
  readonly raw: RawOverrides;
  readonly isReadable: boolean;
  readonly problems: readonly Problem[];
}

/** A base configuration with its layers; null where a live-like session would not start, for the reasons in `problems`. */
export interface LoadedBase {
  readonly tree: TomlTable | null;
  readonly problems: readonly Problem[];
}

const NO_OVERRIDES: RawOverrides = new Map();

/** Reads `auto.toml` as a session does. No file is no override. */
export function loadOverrides(file: StoredFile | null, texts: BlobTexts): LoadedOverrides {
  if (file === null) return { raw: NO_OVERRIDES, isReadable: true, problems: [] };
  const text = textOf(file, texts);
  if (typeof text !== 'string') {
    return { raw: NO_OVERRIDES, isReadable: false, problems: [{ ...text, file: AUTO_TOML_PATH }] };
  }
  const canonical = readCanonicalOverrides(text, 'auto_applied');
  if (canonical !== null) return { raw: canonical, isReadable: true, problems: [] };
  const parsed = parseOverrides(text, 'auto_applied', AUTO_TOML_PATH);
  return parsed.ok
    ? { raw: parsed.value, isReadable: true, problems: [] }
    : { raw: NO_OVERRIDES, isReadable: false, problems: parsed.problems };
}

/** Reads the base configuration and its layers as a live-like session does, hard limits included. */
export function loadBase(
  files: readonly (readonly [path: string, file: StoredFile | null])[],
  texts: BlobTexts,
): LoadedBase {
  const found = files.map(([path, file]) => ({
    file: path,
    text: file === null ? null : textOf(file, texts),
  }));
  const base = buildLiveBase(found);
  return { tree: base.ok ? base.value : null, problems: base.problems };
}

/** The layers that a policy names; null where a session could not tell. */
export function loadLayers(file: StoredFile | null, texts: BlobTexts): readonly string[] | null {
  if (file === null) return [];
  const text = textOf(file, texts);
  if (typeof text !== 'string') return null;
  const layers = parseLayers(text, file.oid);
  return layers.ok ? layers.value : null;
}

/** What a live session would load for a target: the override where it would accept it, else the base value. */
export function liveParameter(
  tree: TomlTable | null,
  target: string,
  override: TomlValue | undefined,
): Parameter | null {
  if (tree === null) return null;
  if (override !== undefined) {
    const [applied] = checkOverrides(tree, new Map([[target, override]]), AUTO_TOML_PATH).applied;
    if (applied !== undefined) return { type: applied.type, value: applied.value };
  }
  const base = valueAt(tree, target);
  const type = parameterTypeOf(base);
  return type === null ? null : { type, value: toScalar(base as TomlValue) };
}

/** Whether two raw overrides say the same, type included; undefined is no override. */
export function isSameOverride(a: TomlValue | undefined, b: TomlValue | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return String(a) === String(b);
}

/** Whether a session would load exactly this value. */
export function loads(parameter: Parameter | null, value: Scalar): boolean {
  return parameter !== null && parameter.value === value;
}

function textOf(file: StoredFile, texts: BlobTexts): string | Problem {
  if (!file.mode.startsWith('100')) return problem('LINK_REFUSED');
  return texts.get(file.oid) ?? problem('UTF8_INVALID');
}
