import { DAY_MS, type Instant, instantFromMs, parseInstant } from '../../kernel/instant.ts';
import { type Budgets, WEEKDAYS } from '../budgets-schema.ts';
import { HOLDS, type Rule } from './rule.ts';

type FreezeWindow = Budgets['freeze'][number];

/** Windows that touch are followed to the end of the last one; a freeze for ever has no end. */
const MAX_WINDOWS = 400;

/** In a freeze window nothing is promoted, in any lane. */
export const freeze: Rule = {
  name: 'freeze',
  check: (_, { policy, now }) => {
    const windows = policy.budgets.freeze;
    let thaw = now;
    for (let i = 0; i < MAX_WINDOWS; i += 1) {
      const next = windows.reduce<Instant>((end, window) => endOf(window, end) ?? end, thaw);
      if (next === thaw) break;
      thaw = next;
    }
    if (thaw === now) return HOLDS;
    const isForever = windows.some((window) => endOf(window, thaw) !== null);
    return [{ code: 'FROZEN', effect: 'pending', ...(isForever ? {} : { until: thaw }) }];
  },
};

/** When a window that holds at a time ends; null when it does not hold then. */
function endOf({ from, until, weekdays = [] }: FreezeWindow, at: Instant): Instant | null {
  const day = Math.floor(at / DAY_MS);
  // 1970-01-01 was a Thursday.
  if (weekdays.includes(WEEKDAYS[(((day + 3) % 7) + 7) % 7] as FreezeWeekday))
    return instantFromMs((day + 1) * DAY_MS);
  const [start, end] = [parseInstant(from ?? ''), parseInstant(until ?? '')];
  return start !== null && end !== null && start <= at && at < end ? end : null;
}

type FreezeWeekday = (typeof WEEKDAYS)[number];
