import { DAY_MS, type Instant, instantFromMs, parseInstant } from '../../kernel/instant.ts';
import { type Budgets, WEEKDAYS } from '../budgets-schema.ts';
import type { AutoApplyPolicy } from '../policy-schema.ts';
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

/** When the next freeze window begins after a time, looking one day ahead; null for none. */
export function nextFreeze({ budgets }: AutoApplyPolicy, now: Instant): Instant | null {
  const midnight = instantFromMs((Math.floor(now / DAY_MS) + 1) * DAY_MS);
  const begins = budgets.freeze.flatMap((window) => {
    const start = parseInstant(window.from ?? '');
    const starts = endOf(window, midnight) === null ? [] : [midnight];
    return start === null ? starts : [...starts, start];
  });
  const ahead = begins.filter((begin) => begin > now);
  return ahead.length === 0 ? null : ahead.reduce((a, b) => (a < b ? a : b));
}

type FreezeWeekday = (typeof WEEKDAYS)[number];
