import {
  AUTO_TOML_PATH,
  BASE_CONFIG_PATH,
  LEARNING_OVERRIDE_PATH,
  POLICY_PATH,
} from '../kernel/governed-paths.ts';
import { type Problem, problem, warning } from '../kernel/problem.ts';
import { describeProblem } from '../kernel/problem-catalogue.ts';
import { fail, ok, type Result } from '../kernel/result.ts';
import { formatScalar, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import { isSecretTarget, REDACTED } from '../kernel/secret.ts';
import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import {
  checkOverrides,
  environmentMode,
  findHardLimitFaults,
  isLimited,
  isLiveLikeMode,
  listParameters,
  type OverrideTable,
  ParseMemory,
  PeakConfig,
  parseLayers,
  requireTexts,
  type TomlTable,
  type TomlValue,
  toTomlValue,
  valueAt,
  withValues,
} from '../liveconfig/index.ts';

/** Reads a configuration file: its text, or null when there is none. Links are followed; where a session looks is its business. */
export type ReadConfigText = (path: string) => string | null;

/** How to load. Paths are those of the caller; defaults are the governed ones. */
export interface LoadConfigOptions {
  /** Base configuration (default `config/config.toml`). */
  readonly configPath?: string | undefined;
  /** Live overrides (default `config/live_overrides/auto.toml`). */
  readonly overridesPath?: string | undefined;
  /** Overrules `environment.mode`. */
  readonly env?: string | undefined;
  /** Applies live overrides in any mode; for tests and drills. Default false. */
  readonly force?: boolean | undefined;
  /** False starts a live-like session on base values. Default true. */
  readonly overrides?: boolean | undefined;
  /** Where the lines of seed.md §7.4 go. Default: nowhere. */
  readonly log?: ((line: string) => void) | undefined;
  /** Applies `learning.override.toml`; refused in live-like modes. Default false. */
  readonly offline?: boolean | undefined;
}

/** Files are read at every load; only parsing equal texts again is saved. */
const MEMORY = new ParseMemory();

interface Base {
  readonly tree: TomlTable;
  readonly mode: string | null;
}

/** Base configuration without live overrides. Fails when it is bad; `offline` applies what System 1 recommends. */
export function loadBaseConfig(read: ReadConfigText, options: LoadConfigOptions): Result<PeakConfig> {
  const base = readBase(read, options);
  if (!base.ok) return base;
  const { tree, mode } = base.value;
  if (options.offline !== true)
    return ok(new PeakConfig(tree, { mode, applied: [], ignored: [] }), base.problems);
  if (isLiveLikeMode(mode))
    return fail(problem('OFFLINE_IN_LIVE', { mode: mode ?? '' }, { file: BASE_CONFIG_PATH }));
  return applyOverrides(read, base.value, {
    path: LEARNING_OVERRIDE_PATH,
    table: 'overrides',
    kind: 'offline',
    log: options.log,
  });
}

/**
 * Base configuration, and live overrides in live-like modes (seed.md §4). A bad override never fails: it is ignored with a
 * line that says why. A bad base configuration always fails, also one beyond a hard limit in a live-like mode.
 */
export function loadLiveConfig(read: ReadConfigText, options: LoadConfigOptions): Result<PeakConfig> {
  const base = readBase(read, options);
  if (!base.ok) return base;
  const { tree, mode } = base.value;
  const live = isLiveLikeMode(mode);
  const limits = live
    ? findHardLimitFaults(listParameters(tree, isLimited), options.configPath ?? BASE_CONFIG_PATH)
    : [];
  if (limits.length > 0) return fail(...limits);
  const plain = ok(new PeakConfig(tree, { mode, applied: [], ignored: [] }), base.problems);
  if (!live && options.force !== true) return warnOfPaper(tree, mode, plain);
  if (options.overrides === false) {
    options.log?.('[peak_config] WARNING: live overrides are switched off; this session runs on BASE VALUES');
    return plain;
  }
  return applyOverrides(read, base.value, {
    path: options.overridesPath ?? AUTO_TOML_PATH,
    table: 'auto_applied',
    kind: 'live auto',
    log: options.log,
  });
}

function readBase(read: ReadConfigText, options: LoadConfigOptions): Result<Base> {
  const file = options.configPath ?? BASE_CONFIG_PATH;
  const layers = parseLayers(read(POLICY_PATH), POLICY_PATH);
  if (!layers.ok) return layers;
  const texts = requireTexts([file, ...layers.value].map((path) => ({ file: path, text: read(path) })));
  const parsed = texts.ok ? MEMORY.base(texts.value) : texts;
  if (!parsed.ok) return parsed;
  const tree =
    options.env === undefined ? parsed.value : withValues(parsed.value, [['environment.mode', options.env]]);
  return ok({ tree, mode: environmentMode(tree) });
}

function warnOfPaper(tree: TomlTable, mode: string | null, plain: Result<PeakConfig>): Result<PeakConfig> {
  if (!plain.ok || valueAt(tree, 'environment.enable_live_trading') !== true) return plain;
  return ok(plain.value, [
    ...plain.problems,
    warning('LIVE_TRADING_IN_PAPER', { mode: mode ?? '' }, { file: BASE_CONFIG_PATH }),
  ]);
}

interface OverrideSource {
  readonly path: string;
  readonly table: OverrideTable;
  readonly kind: string;
  readonly log: ((line: string) => void) | undefined;
}

function applyOverrides(
  read: ReadConfigText,
  { tree, mode }: Base,
  source: OverrideSource,
): Result<PeakConfig> {
  const problems: Problem[] = [];
  const text = readOverridesText(read, source.path, problems);
  const raw: ReadonlyMap<string, TomlValue> =
    text === null ? new Map() : parseOverridesText(text, source, problems);
  const { applied, ignored } = checkOverrides(tree, raw, source.path);
  problems.push(...ignored.map((entry) => entry.problem));
  const effective = withValues(
    tree,
    applied.map((override) => [override.target, toTomlValue(override)]),
  );
  if (source.log !== undefined && applied.length > 0) {
    const count = counted(applied.length, `${source.kind}-override`);
    source.log(`[peak_config] Applying ${count} from ${escapeTerminal(source.path)}`);
    for (const { target, type, value } of applied) {
      source.log(`[peak_config]   ${target} = ${isSecretTarget(target) ? REDACTED : shown(value, type)}`);
    }
  }
  return ok(new PeakConfig(effective, { mode, applied, ignored, overridesText: text }), problems);
}

/** Only a text can hold what a terminal would take for a control. */
function shown(value: Scalar, type: ParameterType): string {
  const text = formatScalar(value, type);
  return typeof value === 'string' ? escapeTerminal(text) : text;
}

/** Missing: none. Unreadable: none, with a warning. Never a failure. */
function readOverridesText(read: ReadConfigText, path: string, problems: Problem[]): string | null {
  try {
    return read(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    problems.push(warning('OVERRIDES_UNREADABLE', { reason }, { file: path }));
    return null;
  }
}

/** Not TOML: none, with a warning. */
function parseOverridesText(
  text: string,
  { path, table }: OverrideSource,
  problems: Problem[],
): ReadonlyMap<string, TomlValue> {
  const parsed = MEMORY.overrides(text, table, path);
  problems.push(...(parsed.ok ? parsed.problems : parsed.problems.map(asUnreadable)));
  return parsed.ok ? parsed.value : new Map();
}

function asUnreadable({ code, args, ...place }: Problem): Problem {
  return {
    ...warning('OVERRIDES_UNREADABLE', { reason: describeProblem(code, args).message }),
    ...place,
    severity: 'warning',
  };
}
