import fc from 'fast-check';
import '../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import {
  DAY_MS,
  formatCompactInstant,
  formatInstant,
  HOUR_MS,
  instantFromMs,
  MINUTE_MS,
  parseInstant,
} from './instant.ts';

const FIRST = Date.UTC(1, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const anyInstant = fc.integer({ min: FIRST, max: LAST }).map(instantFromMs);

describe('parseInstant', () => {
  test.each([
    ['naive, microseconds (TestHealth)', '2026-03-08T03:04:51.902114', Date.UTC(2026, 2, 8, 3, 4, 51, 902)],
    ['naive, a space (drill CSV)', '2026-03-08 09:00:01.400000', Date.UTC(2026, 2, 8, 9, 0, 1, 400)],
    ['Z (history, registry)', '2026-03-08T03:04:51Z', Date.UTC(2026, 2, 8, 3, 4, 51)],
    ['offset (InfoStream)', '2026-03-08T16:00:00+01:00', Date.UTC(2026, 2, 8, 15)],
    [
      'a space and an offset (freqtrade)',
      '2026-03-08 12:00:00.123456+00:00',
      Date.UTC(2026, 2, 8, 12, 0, 0, 123),
    ],
    ['offset without a colon', '2026-03-08T16:00:00-0530', Date.UTC(2026, 2, 8, 21, 30)],
    ['no seconds', '2026-03-08T16:00', Date.UTC(2026, 2, 8, 16)],
    ['a date alone', '2026-03-08', Date.UTC(2026, 2, 8)],
    ['a comma', '2026-03-08T16:00:00,5Z', Date.UTC(2026, 2, 8, 16, 0, 0, 500)],
    ['nanoseconds', '2026-03-08T16:00:00.999999999Z', Date.UTC(2026, 2, 8, 16, 0, 0, 999)],
    ['small letters', '2026-03-08T16:00:00z', Date.UTC(2026, 2, 8, 16)],
    ['before the epoch', '1969-12-31T23:59:59.999Z', -1],
    ['an offset over midnight and a year', '2027-01-01T00:30:00+01:00', Date.UTC(2026, 11, 31, 23, 30)],
  ])('reads %s', (_, text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  test.each([
    ['2024-02-29', true],
    ['2000-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2026-02-30', false],
    ['2026-04-31', false],
    ['2026-12-31', true],
  ])('knows whether %s is a day', (text, isDay) => {
    expect(parseInstant(text) !== null).toBe(isDay);
  });

  test.each([
    '',
    'now',
    '0',
    '1234567890',
    '2026-00-01',
    '2026-13-01',
    '2026-01-00',
    '2026-1-1',
    '20260308T160000Z',
    '2026-03-08T24:00:00Z',
    '2026-03-08T23:60:00Z',
    '2026-03-08T23:59:60Z',
    '2026-03-08T16:00:00+24:00',
    '2026-03-08T16:00:00+01:60',
    '2026-03-08T16:00:00 UTC',
    '2026-03-08T16:00:00Z\n',
    ' 2026-03-08',
    '2026-03-08T16:00:00.Z',
    '2026-03-08T',
    '+002026-03-08T16:00:00Z',
    '２０２６-03-08',
    `2026-03-08T16:00:00.${'0'.repeat(50)}Z`,
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  test('agrees with Date on every instant', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        expect(parseInstant(new Date(instant).toISOString())).toBe(instant);
      }),
    );
  });

  test('is undone by formatInstant', () => {
    fc.assert(fc.property(anyInstant, (instant) => parseInstant(formatInstant(instant)) === instant));
  });

  test('refuses or is repeatable, for any text', () => {
    const part = fc.constantFrom(
      ...'0123456789-:TZ+. ',
      '2026-',
      '02-29',
      '0000-01-01',
      '9999-12-31',
      '23:59',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const instant = parseInstant(parts.join(''));
        if (instant !== null) expect(parseInstant(formatInstant(instant))).toBe(instant);
      }),
    );
  });

  test.each(['0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59'])(
    'does not leave the years that formatInstant can write: %s',
    (text) => {
      const instant = parseInstant(text);
      if (instant !== null) expect(parseInstant(formatInstant(instant))).toBe(instant);
    },
  );
});

describe('formatInstant', () => {
  test.each([
    [Date.UTC(2026, 10, 22, 3, 4, 5), '2026-11-22T03:04:05Z'],
    [Date.UTC(2026, 10, 22, 3, 4, 5, 60), '2026-11-22T03:04:05.060Z'],
    [Date.UTC(2024, 1, 29), '2024-02-29T00:00:00Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [0, '1970-01-01T00:00:00Z'],
  ])('writes %d as %s', (ms, expected) => {
    expect(formatInstant(instantFromMs(ms))).toBe(expected);
  });
});

test('formatCompactInstant has whole seconds, for file names', () => {
  expect(formatCompactInstant(instantFromMs(Date.UTC(2026, 10, 22, 3, 4, 5, 999)))).toBe('20261122T030405Z');
});

test('instantFromMs cuts off parts of a millisecond', () => {
  expect(instantFromMs(1.9)).toBe(1);
});

test('the units are milliseconds', () => {
  expect([MINUTE_MS, HOUR_MS, DAY_MS]).toEqual([60_000, 3_600_000, 86_400_000]);
});
