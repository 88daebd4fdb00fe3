import { AUTO_TOML_PATH } from '../kernel/governed-paths.ts';
import type { ParameterType, Scalar } from '../kernel/scalar.ts';
import { shownValue } from '../kernel/secret.ts';
import { counted } from '../kernel/text/counted.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { isLiveLikeEnvironment, type PeakConfig } from '../liveconfig/index.ts';
import { MAX_ROWS, moreRows } from './rows.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

/** What overrides change, what was ignored, and targets that `auto.toml` sets and that are not applied here, as data. */
export function configDiffJson(
  { mode, applied, ignored, digest }: PeakConfig,
  notApplied: readonly string[],
) {
  return {
    mode,
    digest,
    not_applied: notApplied,
    applied: applied.map(({ target, base, value }) => ({
      target,
      base: shownValue(target, base),
      value: shownValue(target, value),
    })),
    ignored: ignored.map(({ target, problem }) => ({ target, code: problem.code })),
  };
}

/** The same for people. */
export function configDiffText(config: PeakConfig, notApplied: readonly string[], style: Style): string {
  const { mode, applied, ignored } = config;
  const modeText =
    mode === null
      ? 'no environment.mode'
      : `environment.mode "${escapeTerminal(shownValue('environment.mode', mode))}"`;
  const live = isLiveLikeEnvironment(config) ? 'live-like' : 'not live-like';
  const lines = [
    `${modeText} is ${live}; ${counted(applied.length, 'override')} applied, ${ignored.length} ignored`,
  ];
  if (applied.length > 0) {
    const rows = applied.map(({ target, type, base, value }) => [
      target,
      text(target, base, type),
      style.green(text(target, value, type)),
    ]);
    lines.push('', formatTable(['target', 'base', 'effective'], rows, style));
  }
  if (notApplied.length > 0) {
    const shown = notApplied.slice(0, MAX_ROWS).join(', ') + moreRows(notApplied.length, style);
    lines.push(`${AUTO_TOML_PATH} sets ${counted(notApplied.length, 'target')}, not applied here: ${shown}`);
  }
  return lines.join('\n');
}

function text(target: string, value: Scalar, type: ParameterType): string {
  return showScalar(shownValue(target, value), { type, value });
}
