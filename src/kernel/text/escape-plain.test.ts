import { describe, expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/support/hostile-text.ts';
import { escapePlain } from './escape-plain.ts';
import { escapeTerminal } from './escape-terminal.ts';

describe('escapePlain', () => {
  test.each(HOSTILE_TEXTS)('leaves no mention, reference or address of $name', ({ text }) => {
    const plain = escapePlain(text);
    expect(plain).not.toMatch(/@[A-Za-z0-9]|#\d|GH-\d|:\/\/|www\./i);
    expect(plain.replaceAll('\u200b', '')).toBe(escapeTerminal(text));
  });
});
