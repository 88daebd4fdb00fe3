import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { parseCommand } from './command.ts';
import {
  canBeDeclined,
  type DeclineRecord,
  formatDeclineRecord,
  parseDeclineRecord,
} from './decline-record.ts';
import { parseHoldRecord } from './hold-record.ts';
import { parseMarker } from './marker.ts';

const RECORD: DeclineRecord = { target: 'portfolio.leverage', value: 1.25, by: 'olivia', comment: 42 };
const LINE = formatDeclineRecord(RECORD, 'too early').split('\n')[0] ?? '';

describe('the record of a "no"', () => {
  test('is read back, whatever it holds, and is no other record and no command', () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS.map((one) => one.text)), fc.string());
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
      fc.boolean(),
      text.map((one) => one.slice(0, 300)),
    );
    const comment = fc.integer({ min: 1, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(value, comment, text, (one, id, reason) => {
        const record = { ...RECORD, value: one, comment: id };
        const body = formatDeclineRecord(record, reason.slice(0, 300));
        expect(parseDeclineRecord(body)).toEqual(record);
        expect(parseDeclineRecord(body.replaceAll('\n', '\r\n'))).toEqual(record);
        expect([parseCommand(body), parseHoldRecord(body), parseMarker(body)]).toEqual([null, null, null]);
      }),
    );
  });

  test.each(HOSTILE_TEXTS)('lets no text out of its line: $name', ({ text }) => {
    const value = text.slice(0, 300);
    const lines = formatDeclineRecord({ ...RECORD, value, by: text.slice(0, 100) }, text.slice(0, 300))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^<!-- peak:decline [\x20-\x7e]+ -->$/);
    expect(lines[0]?.slice(4, -3)).not.toMatch(/--|[<>]/);
  });

  test.each([
    ['of another version', LINE.replace('"by"', '"who"')],
    ['without a comment', LINE.replace(' 42 ', ' ')],
    ['cut off', LINE.slice(0, 40)],
    ['with more behind it', `${LINE} x`],
    ['of a target that is none', LINE.replace('portfolio', '__proto__')],
    ['of no JSON', '<!-- peak:decline 42 {} {} -->'],
    ['that is too long', LINE.replace('olivia', 'o'.repeat(101))],
  ])('%s is unknown', (_, body) => expect(parseDeclineRecord(body)).toBe('unknown'));

  test.each(['', `x${LINE}`, `> ${LINE}`, `words\n${LINE}`, '<!-- peak:hold 42 -->'])(
    'is not in %j',
    (body) => expect(parseDeclineRecord(body)).toBeNull(),
  );
});

test('canBeDeclined refuses what a record or a body has no room for', () => {
  expect([0, -1.5, true, 'weekly', 'x'.repeat(300)].every(canBeDeclined)).toBe(true);
  expect(canBeDeclined('x'.repeat(301))).toBe(false);
});
