import * as z from 'zod';

/** Why the bot closed a pull request of its own. */
export const CLOSING_REASONS = ['moot', 'carried', 'disabled'] as const;
export type ClosingReason = (typeof CLOSING_REASONS)[number];

/**
 * What a pull request of the bot's stands for. It only points: what a proposal says is read from the content of its head, because
 * whoever can edit a body can edit this block.
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
});
export type PullState = z.infer<typeof PullState>;
