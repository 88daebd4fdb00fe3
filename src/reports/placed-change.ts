import { escapeTerminal } from '../kernel/text/escape-terminal.ts';
import { shellWord } from '../kernel/text/shell-word.ts';
import type { Style } from './style.ts';

/** Where an operator's change stands. */
export interface PlacedView {
  readonly state: 'written' | 'committed' | 'kept' | 'dry_run';
  readonly paths: readonly string[];
  readonly branch: string | null;
  readonly commit: string | null;
  readonly pull: { readonly number: number; readonly url: string; readonly isNew: boolean } | null;
}

export function placedJson(placed: PlacedView | null) {
  if (placed === null)
    return { state: 'unchanged', paths: [], branch: null, commit: null, pull_request: null };
  const { pull, ...rest } = placed;
  if (pull === null) return { ...rest, pull_request: null };
  const { number, url, isNew } = pull;
  return { ...rest, pull_request: { number, url, state: isNew ? 'opened' : 'already_open' } };
}

/** What was written, and how it goes on from there. */
export function placedText({ state, paths, branch, commit, pull }: PlacedView, style: Style): string {
  switch (state) {
    case 'dry_run':
      return 'Not written: dry run.';
    case 'written':
      return `Written. It holds here now, and for others once it is committed and merged:\n  ${style.dim(`git add ${paths.map(shellWord).join(' ')} && git commit`)}`;
    case 'committed':
    case 'kept': {
      if (pull !== null) {
        const words = pull.isNew ? 'Pull request' : 'Already open: pull request';
        return `${words} ${style.bold(`#${pull.number}`)}  ${escapeTerminal(pull.url)}`;
      }
      const words = state === 'kept' ? 'stands there already' : 'created';
      return `${style.bold(branch ?? '')}  ${words}  ${style.dim((commit ?? '').slice(0, 12))}\n  ${style.dim(`git merge --no-ff ${branch}`)}`;
    }
  }
}
