import * as z from 'zod';

/**
 * `reports/audit/<commit>.json`: operators know of a deviation of that commit. It covers the codes that it names and no others, so what an
 * audit finds later is told again.
 */
export const AuditAck = z.strictObject({
  schema_version: z.literal(1),
  commit: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  deviations: z
    .array(z.string().regex(/^[A-Z_]{1,60}$/))
    .min(1)
    .max(50),
  reason: z.string().min(1).max(1000),
});
export type AuditAck = z.infer<typeof AuditAck>;
