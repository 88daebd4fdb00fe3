import { AUTO_TOML_PATH, BASE_CONFIG_PATH } from '../kernel/governed-paths.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { Parameter } from '../kernel/scalar.ts';
import { REDACTED, shownValue } from '../kernel/secret.ts';
import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { type PlacedView, placedJson, placedText } from './placed-change.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

interface EffectView {
  readonly target: string;
  readonly base: Parameter | null;
  readonly before: Parameter | null;
  readonly after: Parameter | null;
  readonly riskier: boolean | null;
}

/** A rollback and what became of it. */
export interface RollbackView {
  readonly record: {
    readonly rollback_id: string;
    readonly proposals: readonly string[];
    readonly rebuilt: boolean;
    readonly targets: readonly { readonly target: string; readonly undone: readonly (string | null)[] }[];
  } | null;
  readonly done: { readonly commit: string; readonly time: Instant } | null;
  /** Null where the base configuration cannot be loaded. */
  readonly effect: readonly EffectView[] | null;
  readonly staying: number;
  readonly placed: PlacedView | null;
  /** Where there is nothing to do. */
  readonly nothing: {
    /** Null where no session can start on the base configuration. */
    readonly live:
      | readonly { readonly target: string; readonly value: Parameter | null; readonly file: string }[]
      | null;
    /** A rollback that is not committed yet. */
    readonly pending: string | null;
  } | null;
}

export function rollbackJson({ record, done, effect, staying, placed, nothing }: RollbackView) {
  return {
    ...placedJson(placed),
    record,
    already: done === null ? null : { commit: done.commit, at: formatInstant(done.time) },
    effect: effect?.map(({ target, base, before, after, riskier }) => ({
      target,
      paper: valueJson(target, base),
      live_before: valueJson(target, before),
      live_after: valueJson(target, after),
      riskier,
    })),
    overrides_staying: staying,
    ...(nothing === null ? {} : nothingJson(nothing)),
  };
}

function nothingJson({ live, pending }: NonNullable<RollbackView['nothing']>) {
  return {
    not_committed: pending,
    live_now:
      live?.map(({ target, value, file }) => ({ target, value: valueJson(target, value), file })) ?? null,
  };
}

/** The effect first, then what was written and how it goes on. */
export function rollbackText(view: RollbackView, style: Style): string {
  const { record, effect, staying, placed } = view;
  if (record === null || placed === null) return nothingText(view);
  const lines = [style.bold(record.rollback_id), '', effectText(effect, record, style)];
  const noted = record.proposals.filter((id) => record.targets.every(({ undone }) => !undone.includes(id)));
  for (const id of noted)
    lines.push(
      `${escapeTerminal(id)} counts as taken back; no value moves with it, because a later promotion covers it or the value before it is the same.`,
    );
  if (staying > 0) lines.push('', `${counted(staying, 'other override')} stay${staying === 1 ? 's' : ''}.`);
  if (record.targets.length > 0)
    lines.push(
      '',
      'From then on, the auto lane leaves these targets alone until people promote or release them.',
    );
  return [...lines, placedText(placed, style)].join('\n');
}

/** Who hears "nothing" in an emergency has to see at once what sessions run on all the same. */
function nothingText({ done, nothing }: RollbackView): string {
  const why =
    done !== null
      ? `it was rolled back at ${formatInstant(done.time)} by ${done.commit.slice(0, 12)}.`
      : nothing?.pending
        ? `that was done already in ${escapeTerminal(nothing.pending)}, which is not committed yet.`
        : 'nothing of that stands.';
  return `Nothing to take back: ${why}\n${liveText(nothing?.live ?? null)}`;
}

function liveText(live: NonNullable<RollbackView['nothing']>['live']): string {
  if (live === null) return 'The base configuration cannot be loaded: no live session can start on it.';
  if (live.length === 0)
    return `A live session that starts now loads base values only: ${BASE_CONFIG_PATH} (and its layers), and no override of ${AUTO_TOML_PATH}.`;
  const rows = live.map(
    ({ target, value, file }) => `  ${escapeTerminal(target)} = ${valueText(target, value)}  from ${file}`,
  );
  return `A live session that starts now loads:\n${rows.join('\n')}`;
}

function effectText(
  effect: RollbackView['effect'],
  { targets }: NonNullable<RollbackView['record']>,
  style: Style,
): string {
  if (effect === null)
    return `${targets.map(({ target }) => target).join(', ')}: the effect on live values is not known.`;
  if (effect.length === 0) return 'No live value moves.';
  const undone = new Map(targets.map((entry) => [entry.target, entry.undone]));
  const rows = effect.map(({ target, base, before, after }) => [
    target,
    valueText(target, base),
    valueText(target, before),
    style.green(valueText(target, after)),
    (undone.get(target) ?? [])
      .map((id) => (id === null ? 'a value set by hand' : escapeTerminal(id)))
      .join(', '),
  ]);
  return formatTable(['target', 'paper', 'live now', 'live after', 'takes back'], rows, style);
}

function valueJson(target: string, parameter: Parameter | null) {
  return parameter === null ? null : shownValue(target, parameter.value);
}

function valueText(target: string, parameter: Parameter | null): string {
  if (parameter === null) return '';
  const shown = shownValue(target, parameter.value);
  return shown === REDACTED ? REDACTED : showScalar(shown, parameter);
}
