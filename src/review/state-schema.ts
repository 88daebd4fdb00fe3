import * as z from 'zod';
import { parseInstant } from '../kernel/instant.ts';
import { findTargetFault } from '../kernel/target.ts';
import { commentJson } from '../kernel/text/comment-json.ts';

/** Why the bot closed a pull request of its own. */
export const CLOSING_REASONS = ['moot', 'carried', 'disabled'] as const;
export type ClosingReason = (typeof CLOSING_REASONS)[number];

/** What refused changes may take of a body, in bytes: any single one fits, or about 30 usual ones; the rest is the proposal's. */
export const MAX_DECLINED_BYTES = 8_000;

/** Longest text that can be refused alone, in UTF-16 units; a proposal with a longer one can be closed. */
const MAX_VALUE = 300;

/** Longest reason, in UTF-16 units: as of every command (`findReasonFaults`). */
const MAX_REASON = 500;

/** A value that can be refused alone. */
export const DeclinableValue = z.union([z.number(), z.string().max(MAX_VALUE), z.boolean()]);

/** A target as a proposal names it. */
export const DeclinedTarget = z.string().refine((text) => findTargetFault(text) === null);

/** An operator's "no" to one change of a pull request. */
export const PullDecline = z.strictObject({
  target: DeclinedTarget,
  value: DeclinableValue,
  /** When it was written down; ISO 8601. */
  at: z.string().refine((text) => parseInstant(text) !== null),
  /** The account that wrote it down; the reason names the operator who asked for it in a comment. */
  by: z.string().max(100),
  reason: z.string().max(MAX_REASON),
});
export type PullDecline = z.infer<typeof PullDecline>;

/** Whether a body has room for these. */
export function haveRoom(declined: readonly PullDecline[]): boolean {
  return commentJson(JSON.stringify(declined)).length <= MAX_DECLINED_BYTES;
}

/**
 * What a pull request of the bot's stands for. It only points: what a proposal says is read from the content of its head, because
 * whoever can edit a body can edit this block. What it says of refused changes can only keep changes out.
 */
export const PullState = z.strictObject({
  version: z.literal(1),
  branch: z.string().max(200),
  head: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  proposal_id: z.string().max(200).nullable(),
  change_set_digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  closed: z.enum(CLOSING_REASONS).nullable(),
  // Absent where there is none: bodies of before stay readable, and keep their bytes.
  declined: z.array(PullDecline).refine(haveRoom).default([]),
});
export type PullState = z.infer<typeof PullState>;
