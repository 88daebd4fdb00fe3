import colors from 'picocolors';
import type { Style } from '../reports/style.ts';
import type { Streams } from './context.ts';
import { readNamedText } from './read-named-text.ts';

/** Two folders up from the sources, from the built files, and from the action's bundle. */
export const PACKAGE_FOLDER = new URL('../../', import.meta.url);

/** The streams and environment of this process. */
export function processStreams(): Streams {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readInput: () => readNamedText(0),
    variables: process.env,
    packageFolder: PACKAGE_FOLDER,
    outStyle: styleFor(process.stdout.isTTY, process.env),
    errStyle: styleFor(process.stderr.isTTY, process.env),
    terminal: process.stdout.isTTY === true,
    interactive:
      process.stderr.isTTY === true && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
  };
}

/** Colours on a terminal or with FORCE_COLOR, unless NO_COLOR is set (no-color.org). Never into a pipe by itself. */
function styleFor(terminal: boolean | undefined, variables: NodeJS.ProcessEnv): Style {
  const { NO_COLOR: off, FORCE_COLOR: force } = variables;
  if (off !== undefined && off !== '') return colors.createColors(false);
  const forced = force !== undefined && force !== '0' && force !== 'false';
  return colors.createColors(forced || (terminal === true && variables['TERM'] !== 'dumb'));
}
