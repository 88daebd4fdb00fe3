import * as z from 'zod';
import { parseInstant } from '../kernel/instant.ts';

/** Characters of a text from outside; a longer one is cut, so that one finding cannot crowd out the others. */
export const MAX_RECORD_TEXT = 300;
/** Approvals of one record; a policy that asks for more than that does not exist. */
export const MAX_RECORD_APPROVALS = 100;
/** Findings of one record: ten rules with as many as one rule lists (`MAX_LISTED`); what is left out is counted. */
export const MAX_RECORD_FINDINGS = 200;

const ObjectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Time = z.string().refine((text) => parseInstant(text) !== null, 'is no ISO 8601 time');
const Text = z.string().max(MAX_RECORD_TEXT).nullable();

/**
 * The note of one merge in `refs/notes/peak`: what the judge had said of it. Keys stand in this order. Who can write refs can write
 * notes, so a record is a statement of whoever holds that right, never a proof by itself (docs/operations.md).
 */
export const VerdictRecord = z.strictObject({
  version: z.literal(1),
  /** The commit on the base that carries this note. */
  merge: ObjectId,
  pull_request: z.int().min(1),
  /** When GitHub says that it was merged. */
  merged_at: Time,
  head: ObjectId,
  base: ObjectId,
  policy_digest: Digest.nullable(),
  class: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .nullable(),
  lane: z.enum(['auto', 'manual']).nullable(),
  conclusion: z.enum(['success', 'failure', 'action_required']),
  time: Time,
  valid_until: Time,
  derivation_version: z.int().min(1),
  /** By id. */
  approvals: z
    .array(z.strictObject({ id: z.int().min(1), login: z.string().min(1).max(MAX_RECORD_TEXT) }))
    .max(MAX_RECORD_APPROVALS),
  /** Worst first. */
  findings: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[A-Z0-9_]{1,60}$/),
        outcome: z.enum(['passed', 'noted', 'waits', 'undetermined', 'failed']),
        target: Text,
        file: Text,
        observed: Text,
        required: Text,
      }),
    )
    .max(MAX_RECORD_FINDINGS),
  findings_left_out: z.int().min(0),
});
export type VerdictRecord = z.infer<typeof VerdictRecord>;
