import * as z from 'zod';

const Value = z.union([z.number(), z.string(), z.boolean()]);

/**
 * `rollback.json`: what a `peak rollback` takes back, and why. `proposals` is what the history reads: it matters where a later promotion
 * covers one that is taken back, because then no value moves.
 */
export const RollbackRecord = z.strictObject({
  schema_version: z.literal(1),
  rollback_id: z.string().regex(/^rollback_\d{8}T\d{6}Z_[0-9a-f]{8}$/),
  generated_at: z.string(),
  base_commit: z.string().nullable(),
  reason: z.string().nullable(),
  scope: z.strictObject({ kind: z.enum(['proposal', 'target', 'to', 'all']), value: z.string().nullable() }),
  proposals: z.array(z.string()),
  rebuilt: z.boolean(),
  targets: z.array(
    z.strictObject({
      target: z.string(),
      /** Overrides; null is none, which means the base value. */
      from: Value.nullable(),
      to: Value.nullable(),
      undone: z.array(z.string().nullable()),
    }),
  ),
});
export type RollbackRecord = z.infer<typeof RollbackRecord>;
