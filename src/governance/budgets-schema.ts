import * as z from 'zod';
import { parseInstant } from '../kernel/instant.ts';

/** Days of the week, as a policy names them. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const Moment = z.string().refine((text) => parseInstant(text) !== null, 'is no date or time in ISO 8601');
const Freeze = z
  .strictObject({
    from: Moment.optional().describe('Beginning, ISO 8601, UTC where no offset is given'),
    until: Moment.optional().describe('End, exclusive'),
    weekdays: z.array(z.enum(WEEKDAYS)).min(1).optional().describe('Whole UTC days of every week'),
  })
  .refine(
    ({ from, until, weekdays }) =>
      weekdays === undefined
        ? (parseInstant(from ?? '') ?? Number.NaN) < (parseInstant(until ?? '') ?? Number.NaN)
        : from === undefined && until === undefined,
    { message: 'must have from and a later until, or weekdays' },
  );

/** `[budgets]`: how much may change over time. The defaults have their reasons in ADR 0011. */
export const Budgets = z
  .strictObject({
    promotions_per_day: z
      .int()
      .min(0)
      .max(1000)
      .default(3)
      .describe('Changed targets per UTC day, all lanes'),
    promotions_per_week: z
      .int()
      .min(0)
      .max(1000)
      .default(10)
      .describe('Changed targets in seven UTC days, all lanes'),
    cooldown_hours: z
      .number()
      .min(0)
      .max(8760)
      .default(24)
      .describe('Rest of a target after a change of its live value, in hours; rollbacks start none'),
    window_days: z
      .number()
      .positive()
      .max(365)
      .default(30)
      .describe('Days that drift, group budget and flapping look back'),
    max_drift_share: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Largest distance from any value that was live in the window, as a share of the width of the bounds',
      ),
    max_group_share: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .describe(
        'Largest sum of moves in the window of all targets of a tag, each as a share of the width of its bounds',
      ),
    hold_days: z
      .number()
      .positive()
      .max(3650)
      .optional()
      .describe(
        'Days after which the hold of a rollback or an unexplained change ends by itself. Without it none does: it takes a promotion of the manual lane, or a release',
      ),
    freeze: z
      .array(Freeze)
      .max(100)
      .default([])
      .describe('Windows in which nothing is promoted: { from, until } or { weekdays }, in UTC'),
  })
  .prefault({})
  .describe('How much may change over time; measured from Git history');
export type Budgets = z.infer<typeof Budgets>;
