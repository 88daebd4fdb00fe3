import * as z from 'zod';
import { DeclinableValue, DeclinedTarget } from '../state-schema.ts';

/** What an operator said no to, as the marker of the judge's record holds it. */
export const DeclinedChange = z.strictObject({
  target: DeclinedTarget,
  value: DeclinableValue,
  /** Login of the operator. */
  by: z.string().max(100),
});
export type DeclinedChange = z.infer<typeof DeclinedChange>;
