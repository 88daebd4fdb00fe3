import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { RemainingStep } from '../setup/index.ts';
import type { Style } from './style.ts';

/** What `peak init` did. */
export interface InitView {
  readonly files: readonly { readonly path: string; readonly state: string; readonly at: string }[];
  readonly remaining: readonly RemainingStep[];
}

export function initJson({ files, remaining }: InitView) {
  return { files, remaining };
}

const WORDS: Readonly<Record<string, string>> = {
  written: 'written',
  kept: 'kept as it is',
  dry_run: 'would be written',
};

/** The files, then what remains to do, step by step. */
export function initText({ files, remaining }: InitView, style: Style): string {
  const width = Math.max(...Object.values(WORDS).map((words) => words.length));
  const rows = files.map(({ path, state, at }) => {
    const words = (WORDS[state] ?? state).padEnd(width);
    const where = at === path ? path : `${path} (stands at ${escapeTerminal(at)})`;
    return `${state === 'kept' ? style.yellow(words) : style.green(words)}  ${where}`;
  });
  const steps = remaining.map(({ title, commands, why, done }, i) =>
    done
      ? `${i + 1}. ${style.green('[done]')} ${style.dim(title)}`
      : [
          `${i + 1}. ${style.bold(title)}`,
          `   ${style.dim(why)}`,
          ...commands.map((line) => `     ${isPage(line) ? `open in a browser: ${line}` : line}`),
        ].join('\n'),
  );
  return `${rows.join('\n')}\n\n${style.bold('What remains to do')}\n\n${steps.join('\n')}`;
}

function isPage(command: string): boolean {
  return command.startsWith('https://') || command.startsWith('http://');
}
