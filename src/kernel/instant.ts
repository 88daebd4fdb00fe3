declare const instantBrand: unique symbol;

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [instantBrand]: 'Instant' };

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|z|[+-]\d{2}:?\d{2})?$/;

/** The years that four digits can write: 0000-01-01 to 9999-12-31; an offset can lead out of them. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

/** Marks milliseconds since the epoch as an instant. */
export function instantFromMs(ms: number): Instant {
  return Math.trunc(ms) as Instant;
}

/** A night's evidence repeats its dates; each is read once. */
const known = new Map<string, Instant | null>();
const MAX_KNOWN = 4096;

/**
 * Reads ISO 8601 as upstream tools write it: `Z`, an offset, or none at all, which means UTC
 * (`upstream-formats.md` A.5, trap 2); a date alone is its midnight UTC. Null when it is no such text.
 */
export function parseInstant(text: string): Instant | null {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const instant = readInstant(text);
  known.set(text, instant);
  return instant;
}

function readInstant(text: string): Instant | null {
  const match = text.length > 40 ? null : ISO.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const millisecond = Math.trunc(Number(`0.${match[7] ?? '0'}`) * 1000);
  const offset = parseOffsetMinutes(match[8]);
  if (offset === null) return null;
  const time = (hour * 60 + minute - offset) * MINUTE_MS + second * 1000 + millisecond;
  const ms = daysFromCivil(year, month, day) * DAY_MS + time;
  return ms < FIRST_MS || ms > LAST_MS ? null : instantFromMs(ms);
}

/** `2026-11-22T03:04:05Z`; milliseconds only where there are any. */
export function formatInstant(instant: Instant): string {
  const days = Math.floor(instant / DAY_MS);
  const ms = instant - days * DAY_MS;
  const { year, month, day } = civilFromDays(days);
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const time = `${pad(Math.floor(ms / HOUR_MS), 2)}:${pad(Math.floor(ms / MINUTE_MS) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}`;
  const fraction = ms % 1000 === 0 ? '' : `.${pad(ms % 1000, 3)}`;
  return `${date}T${time}${fraction}Z`;
}

/** `20261122T030405Z`, as it stands in proposal ids. */
export function formatCompactInstant(instant: Instant): string {
  return formatInstant(instant).replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

function parseOffsetMinutes(text: string | undefined): number | null {
  if (text === undefined || text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
