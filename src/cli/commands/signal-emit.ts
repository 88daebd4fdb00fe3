import { emitSignal } from '../../cycles/emit-signal.ts';
import { foreseeSignal } from '../../cycles/foresee-signal.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { formatCompactInstant, formatInstant, type Instant } from '../../kernel/instant.ts';
import { lineAndColumn } from '../../kernel/json.ts';
import { findJsonFault } from '../../kernel/json-fault.ts';
import { problem } from '../../kernel/problem.ts';
import { fail, ok, type Result } from '../../kernel/result.ts';
import { escapeTerminal } from '../../kernel/text/escape-terminal.ts';
import { describeState } from '../../reports/learn-report.ts';
import { answer, type CommonOptions, type Streams } from '../context.ts';
import type { ExitCode } from '../exit-code.ts';
import { readNamedText, tooLarge } from '../read-named-text.ts';
import { withWorld } from '../with-world.ts';

interface EmitOptions extends CommonOptions {
  readonly file?: string;
  readonly target?: string;
  readonly value?: string;
  readonly oldValue?: string;
  readonly confidence?: string;
  readonly source: string;
  readonly experiment?: string;
  readonly sampleSize?: string;
  readonly tag?: readonly string[];
  readonly healthScore?: string;
  readonly summary?: string;
  readonly createdAt?: string;
}

/** `peak signal emit`. */
export function signalEmit(_: string[], options: EmitOptions, streams: Streams): Promise<ExitCode> {
  return withWorld(options, streams, ({ workTree, clock }) => {
    const signal =
      options.file === undefined ? buildSignal(options, clock) : readSignal(options.file, streams);
    if (!signal.ok) return signal;
    const emitted = emitSignal(workTree, signal.value, clock, options.dryRun === true);
    return answer(emitted, ({ path, state, text }) => ({
      json: () => ({ path, state, signal: JSON.parse(text) as unknown }),
      text: () => `${escapeTerminal(path)} (${describeState(state)})`,
      warnings: foreseeSignal(workTree, { path, text }, clock),
    }));
  });
}

function readSignal(file: string, { readInput }: Streams): Result<unknown> {
  const place = { file: file === '-' ? '<stdin>' : file };
  let text: string | null;
  try {
    text = file === '-' ? readInput() : readNamedText(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail(problem('FILE_UNREADABLE', { reason }, place));
  }
  if (text === null) return fail(tooLarge('--file', place));
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    const { reason, offset } = findJsonFault(text);
    return fail(problem('JSON_INVALID', { reason }, { ...place, ...lineAndColumn(text, offset) }));
  }
}

/** A signal said by options. What is missing or wrong is found by the schema, like everything else. */
function buildSignal(options: EmitOptions, now: Instant): Result<unknown> {
  const { target, value, healthScore } = options;
  const isHalf = (target === undefined) !== (value === undefined);
  if (isHalf || (healthScore === undefined && target === undefined)) {
    const hint = 'e.g. peak signal emit --target portfolio.leverage --value 1.25 --confidence 0.85';
    return fail(
      problem('ARGUMENT_INVALID', {
        argument: '--target and --value',
        reason: 'are needed together (or --file, or --health-score)',
        hint,
      }),
    );
  }
  const source = healthScore === undefined ? options.source : 'test_health';
  const changes =
    target === undefined || value === undefined
      ? []
      : [{ target, ...optional('old_value', parseValue(options.oldValue)), new_value: parseValue(value) }];
  const content = {
    source,
    created_at: options.createdAt ?? formatInstant(now),
    ...optional('experiment_id', options.experiment),
    ...optional('confidence', parseNumber(options.confidence)),
    ...optional('sample_size', parseNumber(options.sampleSize)),
    ...optional('tags', options.tag),
    ...optional(
      'metrics',
      healthScore === undefined ? undefined : { health_score: parseNumber(healthScore) },
    ),
    ...optional('summary', options.summary),
    recommended_changes: changes,
  };
  const digest = sha256Hex(JSON.stringify(content)).slice(0, 8);
  return ok({ schema_version: 1, signal_id: `${source}-${formatCompactInstant(now)}-${digest}`, ...content });
}

function optional<T>(key: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [key]: value };
}

/** How tools write what is no number; as a text it would be evidence of another kind. `'"nan"'` is the text. */
const NOT_FINITE = /^[+-]?(?:nan|inf(?:inity)?)$/i;

/** `1.25` and `true` are a number and a boolean, everything else is the text itself. */
function parseValue(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (NOT_FINITE.test(text)) return Number.NaN;
  try {
    const parsed = JSON.parse(text) as unknown;
    return typeof parsed === 'object' ? text : parsed;
  } catch {
    return text;
  }
}

/** Text that is no number stays one, so that the schema can say what is wrong with it. */
function parseNumber(text: string | undefined): number | string | undefined {
  return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
