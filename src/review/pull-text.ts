import { parseState, replaceState } from './state-block.ts';
import type { ClosingReason } from './state-schema.ts';

/** What a pull request says. */
export interface PullText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

const CLOSING_WORDS: Readonly<Record<ClosingReason, string>> = {
  moot: 'the evidence no longer recommends these changes, they are live already, or operators said no to them.',
  carried: 'the evidence that it carried is part of another pull request of this bot now.',
  disabled: 'the promotion loop is switched off (`disabled`).',
};

/**
 * The body of a pull request that the bot closes: the reason above what stood there. Closing and saying why is one call, so that a
 * crash between the two cannot leave one without the other.
 */
export function buildClosingBody(body: string, branch: string, head: string, reason: ClosingReason): string {
  const known = parseState(body);
  const state = {
    version: 1,
    branch,
    head,
    proposal_id: known?.proposal_id ?? null,
    change_set_digest: known?.change_set_digest ?? null,
    closed: reason,
    declined: known?.declined ?? [],
  } as const;
  return replaceState(body, state, `> **Closed by the bot:** ${CLOSING_WORDS[reason]}`);
}
