import { AUTO_TOML_PATH, BASE_CONFIG_PATH, POLICY_PATH } from '../kernel/governed-paths.ts';
import type { Problem } from '../kernel/problem.ts';
import { isSameParameter, type Parameter } from '../kernel/scalar.ts';
import {
  type ConfigText,
  environmentMode,
  findHardLimitFaults,
  listParameters,
  liveParameters,
  PeakConfig,
  parameterTypeOf,
  parseBaseConfig,
  parseLayers,
  parseOverrides,
  requireTexts,
  type TomlTable,
  type TomlValue,
  toScalar,
} from '../liveconfig/index.ts';
import type { Texts } from './snapshot.ts';

/** What a live session would load from one tree, whole (judge.md §3, class config; product.md §5). */
export interface LiveState {
  /** The base configuration with its layers; null when it cannot be loaded. */
  readonly tree: TomlTable | null;
  /** What each file of it says by itself: a later layer can hide it. */
  readonly written: ReadonlyMap<string, TomlTable>;
  readonly mode: string | null;
  /** Parameters of the base configuration. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** The same with the overrides that a session accepts. */
  readonly live: ReadonlyMap<string, Parameter>;
  /** Overrides as written, those that a session ignores, too. */
  readonly overrides: ReadonlyMap<string, Parameter>;
  /** Everything that a session would refuse, ignore or warn of. */
  readonly problems: readonly Problem[];
}

/** Loads the live configuration of a tree as a session does, in any environment, and keeps every problem. */
export function readLiveState(texts: Texts): LiveState {
  const problems: Problem[] = [];
  const { tree: base, written } = readBase(texts, problems);
  const raw = readAuto(texts, problems);
  const parameters = base === null ? new Map<string, Parameter>() : listParameters(base);
  const { live, ignored } = base === null ? { live: parameters, ignored: [] } : liveParameters(base, raw);
  problems.push(
    ...findHardLimitFaults(parameters, BASE_CONFIG_PATH),
    ...ignored.map((entry) => entry.problem),
  );
  return {
    tree: base,
    written,
    mode: base === null ? null : environmentMode(base),
    parameters,
    live,
    overrides: toParameters(raw),
    problems,
  };
}

function readBase(texts: Texts, problems: Problem[]): Pick<LiveState, 'tree' | 'written'> {
  const layers = parseLayers(texts.get(POLICY_PATH) ?? null, POLICY_PATH);
  const files = [BASE_CONFIG_PATH, ...(layers.ok ? layers.value : [])];
  const found = requireTexts(files.map((file) => ({ file, text: texts.get(file) ?? null })));
  const parsed = found.ok ? parseBaseConfig(found.value) : found;
  problems.push(...layers.problems, ...parsed.problems);
  const written = found.ok ? found.value : [];
  return { tree: parsed.ok ? parsed.value : null, written: new Map(written.flatMap(readWritten)) };
}

function readWritten(source: ConfigText): readonly [string, TomlTable][] {
  const parsed = parseBaseConfig([source]);
  return parsed.ok ? [[source.file, parsed.value]] : [];
}

function readAuto(texts: Texts, problems: Problem[]): ReadonlyMap<string, TomlValue> {
  const text = texts.get(AUTO_TOML_PATH);
  if (text === undefined) return new Map();
  const parsed = parseOverrides(text, 'auto_applied', AUTO_TOML_PATH);
  problems.push(...parsed.problems);
  return parsed.ok ? parsed.value : new Map();
}

function toParameters(raw: ReadonlyMap<string, TomlValue>): ReadonlyMap<string, Parameter> {
  const found = new Map<string, Parameter>();
  for (const [target, value] of raw) {
    const type = parameterTypeOf(value);
    // What is no scalar is told by a problem; here it only has to be another value than any scalar.
    if (type === null)
      found.set(target, { type: 'string', value: `\u0000${JSON.stringify(value, bigintText)}` });
    else found.set(target, { type, value: toScalar(value) });
  }
  return found;
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** One digest of every key, type and value of a base configuration; null for none. */
export function baseDigest(tree: TomlTable | null): string | null {
  return tree === null ? null : new PeakConfig(tree, { mode: null, applied: [], ignored: [] }).digest;
}

/** Targets whose parameter differs between two maps, sorted. An integer and an equal float differ. */
export function differingTargets(
  before: ReadonlyMap<string, Parameter>,
  after: ReadonlyMap<string, Parameter>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((target) => !isSameParameter(before.get(target), after.get(target)))
    .sort();
}
