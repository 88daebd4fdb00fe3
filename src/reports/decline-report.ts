import { formatScalar, type ParameterType, type Scalar } from '../kernel/scalar.ts';
import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import type { Style } from './style.ts';

/** A "no" to one value, and what became of it. */
export interface DeclineView {
  readonly state: 'recorded' | 'known' | 'dry_run';
  readonly pull: number;
  readonly target: string;
  readonly value: Scalar;
  readonly type: ParameterType | null;
}

export function declineJson({ state, pull, target, value }: DeclineView) {
  return { state, pull_request: pull, target, value };
}

const WORDS: Readonly<Record<DeclineView['state'], string>> = {
  recorded: 'Declined',
  known: 'Declined already',
  dry_run: 'Not written (dry run)',
};

/** What is refused, and how it goes on. */
export function declineText({ state, pull, target, value, type }: DeclineView, style: Style): string {
  const what = `${escapeTerminal(target)} = ${escapeTerminal(formatScalar(value, type ?? undefined))}`;
  return [
    `${WORDS[state]}: ${style.bold(what)} of #${pull}`,
    '  for 14 days, and until an experiment that is first reported after that recommends it',
    `  ${style.dim('peak cycle --publish github')}  rebuilds the pull request without it`,
  ].join('\n');
}
