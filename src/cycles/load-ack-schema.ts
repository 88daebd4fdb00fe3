import * as z from 'zod';
import { parseInstant } from '../kernel/instant.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Time = z.string().refine((text) => parseInstant(text) !== null, 'is no ISO 8601 time');
const Count = z.int().min(0).nullable();

/** What a session says that it loaded: one file a session, `<session>.json`. */
export const LoadAck = z.strictObject({
  schema_version: z.literal(1),
  session: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  /** When it first said this digest; saying it again changes `seen_at` only. */
  loaded_at: Time,
  seen_at: Time,
  mode: z.string().max(200).nullable(),
  digest: Digest,
  /** SHA-256 of the override file that it read; null: it read none, or does not say. */
  auto_toml: Digest.nullable(),
  /** Null: it does not say. */
  applied: Count,
  ignored: Count,
});
export type LoadAck = z.infer<typeof LoadAck>;
