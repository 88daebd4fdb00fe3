import { loadBaseConfigFromDisk, loadLiveConfigFromDisk } from '../../compose.ts';
import { targetHint } from '../../cycles/target-hint.ts';
import { type Problem, problem } from '../../kernel/problem.ts';
import { fail, type Result } from '../../kernel/result.ts';
import { escapeTerminal } from '../../kernel/text/escape-terminal.ts';
import {
  type ConfigFormat,
  formatConfig,
  listParameters,
  type PeakConfig,
  parameterTypeOf,
  valueAt,
} from '../../liveconfig/index.ts';
import { configDiffJson, configDiffText } from '../../reports/config-diff.ts';
import { answer, type CommonOptions, respond, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';

interface ConfigCommandOptions extends CommonOptions {
  readonly env?: string;
  readonly force?: boolean;
  readonly overrides: boolean;
  readonly offline?: boolean;
  readonly format?: ConfigFormat;
  readonly ack?: string;
  readonly acks?: string;
}

/** `peak config show|get|diff`. */
export function config(
  action: string,
): (args: string[], options: ConfigCommandOptions, streams: Streams) => ExitCode | Promise<ExitCode> {
  return ([target = ''], options, streams) => {
    if (action === 'get') return get(target, options, streams);
    if (action === 'diff') return diff(options, streams);
    return options.ack === undefined ? show(options, streams) : showAndAcknowledge(options, streams);
  };
}

function load(
  options: ConfigCommandOptions,
  { err, variables }: Streams,
  quiet: boolean,
): Result<PeakConfig> {
  const { root, env, force, offline } = options;
  const given = { root, env, force, offline, variables, overrides: options.overrides ? undefined : false };
  const log = (line: string) => {
    if (!quiet || line.includes('WARNING')) err(`${line}\n`);
  };
  return offline === true
    ? loadBaseConfigFromDisk({ ...given, log })
    : loadLiveConfigFromDisk({ ...given, log });
}

function get(target: string, options: ConfigCommandOptions, streams: Streams): ExitCode {
  const loaded = load(options, streams, true);
  const missing = loaded.ok && valueAt(loaded.value.tree, target) === undefined;
  const found = missing ? fail<PeakConfig>(unknownParameter(target, loaded.value)) : loaded;
  return respond(
    streams,
    options,
    answer(found, (effective) => ({
      json: () => ({ target, value: effective.get(target), mode: effective.mode }),
      text: () => formatValue(effective, target, streams.terminal),
      warnings: loaded.problems.filter(
        ({ args }) => args['target'] === undefined || args['target'] === target,
      ),
    })),
  );
}

function unknownParameter(target: string, { tree }: PeakConfig): Problem {
  const hint = targetHint(target, listParameters(tree).keys(), 'peak config show lists all');
  return problem('NOT_FOUND', { what: 'parameter', id: target, hint });
}

/** A scalar as a shell would want it, a table as JSON. */
function formatValue(effective: PeakConfig, target: string, terminal: boolean): string {
  const value = valueAt(effective.tree, target);
  if (typeof value === 'string') return terminal ? escapeTerminal(value) : value;
  return parameterTypeOf(value) === null
    ? JSON.stringify(effective.get(target))
    : formatConfig({ value: value as number }, 'toml').slice('value = '.length);
}

/** One call is one consistent state: what is printed is what is acknowledged. */
async function showAndAcknowledge(options: ConfigCommandOptions, streams: Streams): Promise<ExitCode> {
  const loaded = load(options, streams, false);
  const { acknowledge } = await import('./ack.ts');
  const said = loaded.ok
    ? await acknowledge(loaded.value, { ...options, session: options.ack ?? '' }, streams)
    : loaded;
  return print(said.ok ? loaded : fail(...said.problems), options, streams);
}

function show(options: ConfigCommandOptions, streams: Streams): ExitCode {
  return print(load(options, streams, false), options, streams);
}

function print(loaded: Result<PeakConfig>, options: ConfigCommandOptions, streams: Streams): ExitCode {
  const format = options.json === true ? 'json' : (options.format ?? 'toml');
  const text = { ...options, json: false };
  return respond(
    streams,
    text,
    answer(loaded, (effective) => ({
      json: () => effective.toObject(),
      text: () => formatConfig(effective.tree, format),
      warnings: loaded.problems,
    })),
  );
}

function diff(options: ConfigCommandOptions, streams: Streams): ExitCode {
  const loaded = load(options, streams, true);
  return respond(
    streams,
    options,
    answer(loaded, (effective) => ({
      json: () => configDiffJson(effective, notApplied(effective, options, streams)),
      text: (style) => configDiffText(effective, notApplied(effective, options, streams), style),
      warnings: loaded.problems,
    })),
  );
}

/** What `auto.toml` sets and a session would take in a live-like mode, but this one does not: its mode, or a switch. */
function notApplied(
  effective: PeakConfig,
  options: ConfigCommandOptions,
  streams: Streams,
): readonly string[] {
  const { PEAK_NO_OVERRIDES: _, ...variables } = streams.variables;
  const forced = { ...options, force: true, overrides: true, offline: false };
  const loaded = load(forced, { ...streams, variables, err: () => undefined }, true);
  if (!loaded.ok) return [];
  const isApplied = new Set(options.offline === true ? [] : effective.applied.map(({ target }) => target));
  return loaded.value.applied.flatMap(({ target }) => (isApplied.has(target) ? [] : [target]));
}
