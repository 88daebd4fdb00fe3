import { type Instant, instantFromMs } from '../kernel/instant.ts';
import { problem } from '../kernel/problem.ts';
import { fail, ok, type Result } from '../kernel/result.ts';

/** The last second of the year 9999, the last that ISO 8601 writes with four digits. */
const MAX_SECONDS = 253_402_300_799;

/** Now, or `SOURCE_DATE_EPOCH` (whole seconds since 1970) where it is set, which makes runs reproducible. */
export function readClock(variables: Readonly<Record<string, string | undefined>>): Result<Instant> {
  const fixed = variables['SOURCE_DATE_EPOCH'];
  if (fixed === undefined || fixed === '') return ok(instantFromMs(Math.floor(Date.now() / 1000) * 1000));
  if (/^\d{1,12}$/.test(fixed) && Number(fixed) <= MAX_SECONDS)
    return ok(instantFromMs(Number(fixed) * 1000));
  return fail(
    problem('ARGUMENT_INVALID', {
      argument: 'SOURCE_DATE_EPOCH',
      reason: 'is no number of seconds since 1970',
    }),
  );
}
