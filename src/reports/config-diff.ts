import type { ParameterType, Scalar } from '../kernel/scalar.ts';
import { shownValue } from '../kernel/secret.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { isLiveLikeEnvironment, type PeakConfig } from '../liveconfig/index.ts';
import { showScalar } from './show-scalar.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

/** What overrides change, and what was ignored, as data. */
export function configDiffJson({ mode, applied, ignored, digest }: PeakConfig) {
  return {
    mode,
    digest,
    applied: applied.map(({ target, base, value }) => ({
      target,
      base: shownValue(target, base),
      value: shownValue(target, value),
    })),
    ignored: ignored.map(({ target, problem }) => ({ target, code: problem.code })),
  };
}

/** The same for people. */
export function configDiffText(config: PeakConfig, style: Style): string {
  const { mode, applied, ignored } = config;
  const modeText =
    mode === null
      ? 'no environment.mode'
      : `environment.mode "${escapeTerminal(shownValue('environment.mode', mode))}"`;
  const live = isLiveLikeEnvironment(config) ? 'live-like' : 'not live-like';
  const lines = [
    `${modeText} is ${live}; ${applied.length} override${applied.length === 1 ? '' : 's'} applied, ${ignored.length} ignored`,
  ];
  if (applied.length > 0) {
    const rows = applied.map(({ target, type, base, value }) => [
      target,
      text(target, base, type),
      style.green(text(target, value, type)),
    ]);
    lines.push('', formatTable(['target', 'base', 'effective'], rows, style));
  }
  return lines.join('\n');
}

function text(target: string, value: Scalar, type: ParameterType): string {
  return showScalar(shownValue(target, value), { type, value });
}
