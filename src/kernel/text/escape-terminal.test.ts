import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { escapeTerminal } from './escape-terminal.ts';

/** Unicode's own names for what moves the cursor, changes direction, joins or hides: not the list of the code under test. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test.each(HOSTILE_TEXTS)('escapeTerminal leaves nothing active of $name', ({ text }) => {
  expect(escapeTerminal(text)).not.toMatch(ACTIVE);
});

test('escapeTerminal leaves nothing active of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeTerminal(text)).not.toMatch(
        /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f]/u,
      );
    }),
  );
});

describe('escapeTerminal', () => {
  test('shows what it took away', () => {
    expect(escapeTerminal('a\u001b[31mb\r\n')).toBe('a\\u{1b}[31mb\\u{d}\\u{a}');
    expect(escapeTerminal('\u{e0041}')).toBe('\\u{e0041}');
    expect(escapeTerminal('\ud800')).toBe('\\u{d800}');
  });

  test('keeps what people write', () => {
    const text = 'Größe → 2.0 – „ok“ 😀 中文 ½ <b> & "x" \\ `y`';
    expect(escapeTerminal(text)).toBe(text);
  });

  test('changes nothing when applied again', () => {
    for (const { text } of HOSTILE_TEXTS)
      expect(escapeTerminal(escapeTerminal(text))).toBe(escapeTerminal(text));
  });
});
