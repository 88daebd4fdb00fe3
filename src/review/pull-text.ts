import { formatState, parseState } from './state-block.ts';
import type { ClosingReason } from './state-schema.ts';

/** What a pull request says. */
export interface PullText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

const CLOSING_WORDS: Readonly<Record<ClosingReason, string>> = {
  moot: 'the evidence no longer recommends these changes, or they are live already.',
  carried: 'the evidence that it carried is part of another pull request of this bot now.',
  disabled: 'the promotion loop is switched off (`disabled`).',
};

/** Longest closing note and state block together. */
const NOTE_BYTES = 2000;
const MAX_KEPT = 60_000 - NOTE_BYTES;

/**
 * The body of a pull request that the bot closes: the reason above what stood there. Closing and saying why is one call, so that a
 * crash between the two cannot leave one without the other.
 */
export function buildClosingBody(body: string, branch: string, head: string, reason: ClosingReason): string {
  const known = parseState(body);
  const state = formatState({
    version: 1,
    branch,
    head,
    proposal_id: known?.proposal_id ?? null,
    change_set_digest: known?.change_set_digest ?? null,
    closed: reason,
  });
  const rest = body.replaceAll(/^<!-- peak:state [^\n]*$/gm, '').trimEnd();
  const kept = new TextEncoder().encode(rest).length <= MAX_KEPT ? rest : '';
  return `> **Closed by the bot:** ${CLOSING_WORDS[reason]}\n\n${kept}\n\n${state}\n`;
}
